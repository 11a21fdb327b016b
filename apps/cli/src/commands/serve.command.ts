import { Command } from 'commander';
import { exitOnError } from '../exit';
import type { ServeFlags } from './serve';

export function serveCommand(): Command {
  return new Command('serve')
    .description('Serve a workspace: API and worker in one process, or one of the two.')
    .option('-w, --workspace <folder>', 'folder with gateway.yaml and agents/', '.')
    .option('--api-only', 'only the HTTP API; workers run elsewhere')
    .option('--worker-only', 'only a worker; the API runs elsewhere')
    .option('--queues <list>', 'queues of this worker and their slots, such as research=2,scraper=5')
    .option('--watch', 'read agents again when their files change, for development')
    .option('--host <address>', 'instead of server.host')
    .option('--port <number>', 'instead of server.port')
    .action((flags: ServeFlags) =>
      exitOnError(() => {
        const { serve } = require('./serve') as typeof import('./serve');
        return serve(flags, process.env);
      }),
    );
}
