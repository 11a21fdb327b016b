import { makeWorkspace } from '@longhaul/config/testing';
import { loadCatalogue } from '../load-catalogue';

const DEFAULTS = { model: 'demo/echo', executionMode: 'sync' as const, maxRetries: 3, routes: {} };
const load = (frontMatter: string, mcpServers: string[] = [], files: Record<string, string> = {}) =>
  loadCatalogue(
    makeWorkspace({ 'agents/a/AGENT.md': `---\n${frontMatter}\n---\nx`, 'agents/b/AGENT.md': 'b', ...files }),
    { ...DEFAULTS, mcpServers },
  );
const lines = (issues: { path: string; message: string; hint?: string }[]) =>
  issues.map(({ path, message, hint }) => `${path} ${message}; ${hint}`);

describe('the MCP servers of an agent', () => {
  it('are those that it names, each once', () => {
    const { definitions, problems, warnings } = load('mcp_servers: [desk, maps, desk]', ['desk', 'maps']);
    expect(definitions[0]?.mcpServers).toEqual(['desk', 'maps']);
    expect([...problems, ...warnings]).toEqual([]);
  });

  it('are a problem when gateway.yaml has others', () => {
    const { definitions, problems } = load('mcp_servers: [desk, map]', ['desk', 'maps']);
    expect(definitions.map(({ id }) => id)).toEqual(['b']);
    expect(lines(problems)).toEqual([
      'agents/a/AGENT.md:2 mcp_servers: unknown MCP server "map", did you mean "maps"?; gateway.yaml has: desk, maps',
    ]);
  });

  it('are a warning when it has none, as in a workspace of the Python agents-gateway', () => {
    const { definitions, problems, warnings } = load('mcp_servers: [maps]');
    expect(definitions.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(problems).toEqual([]);
    expect(lines(warnings)[0]).toContain(
      'agents/a/AGENT.md:2 mcp_servers: unknown MCP server "maps"; write mcp_servers',
    );
  });

  it('may have tools that need approval, which nobody knows yet', () => {
    const { problems } = load('mcp_servers: [desk]\nrequires_approval: [desk__pay, other__pay]', ['desk']);
    expect(lines(problems)).toEqual([expect.stringContaining('unknown tool "other__pay"')]);
  });
});

it('a tool of a skill that is not there costs nobody the agent', () => {
  const skill = { 'skills/s/SKILL.md': '---\ntools: [gone, desk__pay]\n---\n' };
  const { definitions, problems, warnings } = load('skills: [s]', [], skill);
  expect(definitions[0]?.tools).toEqual(['gone', 'desk__pay']);
  expect(problems).toEqual([]);
  expect(lines(warnings)).toEqual([expect.stringContaining('skills/s/SKILL.md:2 unknown tool "gone"')]);
});
