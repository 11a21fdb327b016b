import { Command } from 'commander';
import { serve, type ServeFlags } from './commands/serve';
import { exitOnError } from './exit';
import { VERSION } from '@longhaul/gateway';

export const program = new Command('longhaul')
  .description('The gateway that makes long-running AI agents dependable.')
  .version(VERSION)
  // A wrong flag is a wrong instruction: see exit.ts.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

program
  .command('serve')
  .description('Serve a workspace: API and worker in one process, or one of the two.')
  .option('-w, --workspace <folder>', 'folder with gateway.yaml and agents/', '.')
  .option('--api-only', 'only the HTTP API; workers run elsewhere')
  .option('--worker-only', 'only a worker; the API runs elsewhere')
  .option('--queues <list>', 'queues of this worker and their slots, such as research=2,scraper=5')
  .option('--host <address>', 'instead of server.host')
  .option('--port <number>', 'instead of server.port')
  .action((flags: ServeFlags) => exitOnError(() => serve(flags, process.env)));
