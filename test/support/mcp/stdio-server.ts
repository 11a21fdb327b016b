import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { makeMcpServer } from './mcp-server.ts';

/** `node stdio-server.ts [ledger] [hostile]`: run by the node of the tests, which takes TypeScript as it is. */
const [, , ledger, hostile] = process.argv;
process.stderr.write('the bench is set\n');
process.stdout.write('and this is no JSON\n');
void makeMcpServer({ ...(ledger ? { ledger } : {}), hostile: hostile === 'hostile' }).connect(
  new StdioServerTransport(),
);
