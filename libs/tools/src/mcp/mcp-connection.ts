import type { Client } from '@modelcontextprotocol/sdk/client';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JsonObject } from '@longhaul/kernel';
import { z } from 'zod';
import { CALL_KEY } from './call-key';
import type { McpServerOptions } from './mcp-options';
import { NotSent } from './not-sent';
import { AnswerLost, type FollowedCall } from './transports/call-streams';
import { httpTransport } from './transports/http-transport';
import { StdioTransport } from './transports/stdio-transport';

/** For the handshake, and for one page of the list of tools: a server may be downloaded before it starts. */
const HANDSHAKE_MS = 60_000;
const MAX_PAGES = 50;
/** What setTimeout takes: the time limit of a call is its caller's. */
const NO_TIMEOUT_MS = 2 ** 31 - 1;
const GAVE_UP = 'Maximum reconnection attempts';

/** Looser than the SDK's own: one tool that is wrong must not hide the others. */
const toolPage = z.looseObject({ tools: z.array(z.unknown()), nextCursor: z.string().optional() });
const anyResult = z.looseObject({});

export interface McpConnectionEvents {
  onToolsChanged(): void;
  /** Once; calls under way have then failed. */
  onClosed(reason: Error): void;
  onLog(line: string): void;
}

/** The parts of a connection that are of one transport. */
interface Line {
  transport: Transport;
  follow?: (key: string) => FollowedCall;
  /** Why it ended, where it knows. */
  reason: () => Error | undefined;
  end(): Promise<void>;
}

/** One connection to a server, from the handshake to its end. It never comes back: another one is opened. */
export class McpConnection {
  private closed: Error | undefined;
  /** Shaken hands, and not closed by us. */
  private open = false;

  private constructor(
    private readonly client: Client,
    private readonly line: Line,
    private readonly events: McpConnectionEvents,
  ) {
    // Not an EventTarget: these are its only listeners.
    Object.assign(client, { onerror: (error: Error) => this.heard(error), onclose: () => this.hasClosed() });
  }

  /** Loads the SDK, the first time. Rejects when the server cannot be reached, or does not shake hands in time. */
  static async open(
    server: McpServerOptions,
    version: string,
    events: McpConnectionEvents,
    signal: AbortSignal,
  ): Promise<McpConnection> {
    const [sdk, types] = await Promise.all([
      import('@modelcontextprotocol/sdk/client/index.js'),
      import('@modelcontextprotocol/sdk/types.js'),
    ]);
    const client = new sdk.Client({ name: 'longhaul', version });
    const line = await makeLine(server, events, () => void client.close());
    client.setNotificationHandler(types.ToolListChangedNotificationSchema, () => events.onToolsChanged());
    const connection = new McpConnection(client, line, events);
    try {
      await client.connect(line.transport, { timeout: HANDSHAKE_MS, signal });
    } catch (error) {
      await connection.close();
      throw line.reason() ?? error;
    }
    connection.open = true;
    return connection;
  }

  /** Set once nothing can be sent over it any more. */
  get closedBecause(): Error | undefined {
    return this.closed;
  }

  /** Of all pages, as the server tells of them. */
  async listTools(): Promise<unknown[]> {
    if (!this.client.getServerCapabilities()?.tools) return [];
    const tools: unknown[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const params = cursor === undefined ? {} : { cursor };
      const found = await this.client.request({ method: 'tools/list', params }, toolPage, { timeout: HANDSHAKE_MS });
      tools.push(...found.tools);
      cursor = found.nextCursor;
      if (cursor === undefined) break;
    }
    return tools;
  }

  /** What `tools/call` answers. `signal` gives it up, and tells the server so. */
  async call(tool: string, args: JsonObject, key: string, signal: AbortSignal): Promise<unknown> {
    if (this.closed) throw new NotSent(this.closed.message);
    const followed = this.line.follow?.(key);
    // The SDK keeps its listener for as long as the signal lives.
    const own = new AbortController();
    const abort = () => own.abort(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    let answered = false;
    try {
      const params = { name: tool, arguments: args, _meta: { [CALL_KEY]: key } };
      const request = this.client.request({ method: 'tools/call', params }, anyResult, {
        signal: own.signal,
        timeout: NO_TIMEOUT_MS,
        ...(followed ? { onresumptiontoken: () => followed.resumable() } : {}),
      });
      const answer = await (followed ? Promise.race([request, followed.lost]) : request);
      answered = true;
      return answer;
    } catch (error) {
      if (error instanceof AnswerLost) own.abort(error);
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
      followed?.close(answered);
    }
  }

  async close(): Promise<void> {
    this.open = false;
    await this.line.end();
    await this.client.close().catch(() => undefined);
  }

  private heard(error: Error): void {
    this.events.onLog(error.message);
    if (error.message.includes(GAVE_UP)) void this.client.close();
  }

  private hasClosed(): void {
    this.closed ??= this.line.reason() ?? new Error('closed the connection');
    if (!this.open) return;
    this.open = false;
    void this.line.end();
    this.events.onClosed(this.closed);
  }
}

async function makeLine(
  { reach, secrets }: McpServerOptions,
  events: McpConnectionEvents,
  fail: () => void,
): Promise<Line> {
  if ('command' in reach) {
    const transport = new StdioTransport(reach, events.onLog, secrets);
    return { transport, reason: () => transport.reason, end: () => transport.close() };
  }
  let reason: Error | undefined;
  const { transport, calls, end } = await httpTransport(reach, (error) => {
    reason ??= error;
    fail();
  });
  return { transport, follow: (key) => calls.follow(key), reason: () => reason, end };
}
