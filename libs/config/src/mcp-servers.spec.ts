import { configEntries } from './config-entries';
import { loadGatewayConfig } from './load-gateway-config';
import { makeWorkspace } from '../testing';

const load = (yaml: string, env: Record<string, string> = {}) =>
  loadGatewayConfig({ workspace: makeWorkspace({ 'gateway.yaml': yaml }), env });

describe('MCP servers', () => {
  it('are commands or URLs, with what is said of their tools', () => {
    const { config } = load(`
mcp_servers:
  files: { command: [npx, -y, server-files], cwd: data, tools: [read], effects: repeatable }
  my_desk: { url: "https://desk.example/mcp", timeout_s: 5, per_tool: { send_mail: { requires_approval: true } } }
`);
    expect(config.mcpServers).toEqual({
      files: {
        command: ['npx', '-y', 'server-files'],
        cwd: 'data',
        tools: ['read'],
        effects: 'repeatable',
        timeoutS: 60,
        perTool: {},
      },
      my_desk: { url: 'https://desk.example/mcp', timeoutS: 5, perTool: { send_mail: { requiresApproval: true } } },
    });
  });

  it('keep what they are written with by ${NAME} out of sight, and words in it', () => {
    const yaml = `
mcp_servers:
  a: { command: [run, "--key=\${ARGUMENT}"], env: { PAT: "\${PAT}", LEVEL: warning } }
  b: { url: "https://desk.example/mcp", headers: { X-Desk: literal-header } }
`;
    const loaded = load(yaml, { ARGUMENT: 'in-an-argument', PAT: 'in-a-variable' });
    expect(loaded.config.mcpServers['a']?.command).toEqual(['run', '--key=in-an-argument']);
    expect(loaded.secrets).toEqual(expect.arrayContaining(['in-an-argument', 'in-a-variable', 'literal-header']));
    expect(loaded.secrets).not.toContain('warning');
    const shown = JSON.stringify(configEntries(loaded).find(({ key }) => key === 'mcp_servers')?.value);
    expect(shown).not.toMatch(/in-an-argument|in-a-variable|literal-header/);
    expect(shown).toContain('warning');
  });

  it.each([
    ['{ a: {} }', 'mcp_servers.a: has neither command nor url'],
    ['{ a: { command: [] } }', 'mcp_servers.a.command'],
    ['{ a: { command: "npx server" } }', 'mcp_servers.a.command: expected a list'],
    ['{ a: { command: [x], url: "http://h" } }', 'mcp_servers.a.url: is given beside command'],
    ['{ a: { url: "ws://h" } }', 'http:// or https://'],
    ['{ a: { url: "http://u:hunter22@h" } }', 'must not hold a user and password'],
    ['{ a: { url: "http://h", env: { A: b } } }', 'mcp_servers.a.env: is for a server with command'],
    ['{ a: { command: [x], headers: { A: b } } }', 'mcp_servers.a.headers: is for a server with url'],
    ['{ a__b: { command: [x] } }', "cannot be an MCP server's name"],
    ['{ Maps: { command: [x] } }', "cannot be an MCP server's name"],
    ['{ a: { command: [x], effects: never } }', 'repeatable, idempotent, at_most_once'],
    ['{ a: { command: [x], tags: [send_out] } }', 'did you mean "sends_out"?'],
    ['{ a: { command: [x], per_tool: { y: { timeout: 5 } } } }', 'did you mean "timeout_s"?'],
    ['{ a: { comand: [x] } }', 'did you mean "command"?'],
  ])('are refused: %s', (servers, message) => {
    expect(() => load(`mcp_servers: ${servers}`)).toThrow(message);
  });
});
