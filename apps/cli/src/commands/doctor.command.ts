import { Command } from 'commander';
import { exitOnError } from '../exit';
import type { DoctorFlags } from './doctor';

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Look at all that a gateway on this workspace stands on, and say what would not survive what.')
    .option('-w, --workspace <folder>', 'folder with gateway.yaml', '.')
    .option('--json', 'JSON on stdout, and nothing else there')
    .action((flags: DoctorFlags) =>
      exitOnError(async () => {
        const { doctor } = require('./doctor') as typeof import('./doctor');
        // A driver goes on trying what does not answer.
        process.exit(await doctor(flags));
      }),
    );
}
