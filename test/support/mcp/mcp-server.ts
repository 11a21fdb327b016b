import { appendFileSync } from 'node:fs';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { ErrorCode, ListToolsRequestSchema, McpError } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';

const text = (value: string) => ({ content: [{ type: 'text' as const, text: value }] });

/** A server of the official SDK; what its tools did is written to `ledger`, a line each. */
export function makeMcpServer({ ledger, hostile = false }: { ledger?: string; hostile?: boolean } = {}): McpServer {
  const server = new McpServer({ name: 'bench', version: '1.0.0' });
  const note = (line: string) => (ledger === undefined ? undefined : appendFileSync(ledger, `${line}\n`));
  const readOnly = { readOnlyHint: true };

  server.registerTool(
    'echo',
    { description: 'Says it again.', inputSchema: { text: z.string() }, annotations: readOnly },
    (args) => text(args.text),
  );
  server.registerTool(
    'add',
    {
      inputSchema: { a: z.number(), b: z.number() },
      outputSchema: { sum: z.number() },
      annotations: { idempotentHint: true },
    },
    ({ a, b }) => ({ ...text('done'), structuredContent: { sum: a + b } }),
  );
  server.registerTool('remember', { inputSchema: { what: z.string() } }, ({ what }, { _meta }) => {
    note(`remember ${what} ${String(_meta?.['idempotencyKey'])}`);
    return text('noted');
  });
  const said = { text: z.string().optional() };
  server.registerTool('reflect', { inputSchema: said, outputSchema: { said: z.string() } }, ({ text: value = '' }) => ({
    ...text(value),
    structuredContent: { said: value },
  }));
  server.registerTool('fail', { inputSchema: said }, ({ text: why = 'the desk is closed' }) => ({
    ...text(why),
    isError: true,
  }));
  server.registerTool('protest', { inputSchema: said }, ({ text: why = 'no such desk' }) => {
    throw new McpError(ErrorCode.InvalidParams, why);
  });
  server.registerTool('hang', {}, async ({ signal }) => {
    note('hang');
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    note('given up');
    return text('never');
  });
  server.registerTool('environment', {}, () =>
    text(JSON.stringify({ env: process.env, cwd: process.cwd(), pid: process.pid })),
  );
  server.registerTool('picture', {}, () => ({
    content: [{ type: 'image' as const, data: 'AAAA', mimeType: 'image/png' }],
  }));
  server.registerTool('pages', { inputSchema: { chars: z.number() } }, ({ chars }) => text('x'.repeat(chars)));
  server.registerTool('grow', {}, () => {
    server.registerTool('late', { annotations: readOnly }, () => text('better late'));
    return text('grown');
  });
  if (hostile) server.server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: HOSTILE as never }));
  return server;
}

const object = { type: 'object' };
const deep = (levels: number): object => (levels === 0 ? {} : { type: 'object', properties: { a: deep(levels - 1) } });

/** What a list of tools must not break, each by its name. */
const HOSTILE: unknown[] = [
  'no tool at all',
  { name: 'no-schema' },
  { name: 'echo', inputSchema: object, description: 'x'.repeat(100_000) },
  { name: 'echo', inputSchema: object },
  { name: 'a__b', inputSchema: object },
  { name: 'desk.find/all', inputSchema: object },
  { name: '', inputSchema: object },
  { name: 'two words', inputSchema: object },
  { name: `n${'o'.repeat(126)}`, inputSchema: object },
  { name: 'o'.repeat(129), inputSchema: object },
  { name: '__proto__', inputSchema: object },
  { name: 'list', inputSchema: { type: 'array' } },
  { name: 'no-keyword', inputSchema: { type: 'object', properties: { a: { type: 'wish' } } } },
  { name: 'remote', inputSchema: { type: 'object', properties: { a: { $ref: 'http://127.0.0.1:1/x' } } } },
  { name: 'endless', inputSchema: { type: 'object', $ref: '#' } },
  { name: 'large', inputSchema: { type: 'object', description: 'x'.repeat(70_000) } },
  { name: 'deep', inputSchema: deep(500) },
  {
    name: 'slow',
    inputSchema: { type: 'object', properties: { pattern: { type: 'string', pattern: '^(a+)+$' } } },
    annotations: 'none',
  },
];
