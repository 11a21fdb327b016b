import { loadGatewayConfig } from '@longhaul/config';
import { makeWorkspace } from '@longhaul/config/testing';
import { mcpOptions } from './mcp-options';

it('an MCP server keeps what it is given to itself, and nothing of others', () => {
  const yaml = `
mcp_servers:
  files: { command: [run, "--key=\${ARGUMENT}"], env: { PAT: "\${PAT}", DESK_TOKEN: written-out, ROOT: /data/docs } }
  desk: { url: "https://desk.example/mcp?at=\${PLACE}", headers: { Authorization: "Bearer \${DESK}" } }
`;
  const env = { ARGUMENT: 'in-an-argument', PAT: 'in-a-variable', PLACE: 'in-the-url', DESK: 'in-a-header' };
  const { servers } = mcpOptions(loadGatewayConfig({ workspace: makeWorkspace({ 'gateway.yaml': yaml }), env }), '/w');
  const [files, desk] = servers.map(({ secrets }) => [...new Set(secrets)].toSorted());
  expect(files).toEqual(['in-a-variable', 'in-an-argument', 'written-out']);
  expect(desk).toEqual(['Bearer in-a-header', 'in-a-header', 'in-the-url']);
});
