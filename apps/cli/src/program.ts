import { Command } from 'commander';
import { serveCommand } from './commands/serve.command';
import { VERSION } from './version';

/**
 * Every command with its flags. Nothing else is loaded: a `*.command.ts` declares and requires its action when it is
 * called, so that `--help` and the commands that only talk to a gateway stay quick.
 */
export function createProgram(): Command {
  const program = new Command('longhaul')
    .description('The gateway that makes long-running AI agents dependable.')
    .version(VERSION)
    // A wrong flag is a wrong instruction: see exit.ts.
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));
  for (const command of [serveCommand()]) program.addCommand(command.copyInheritedSettings(program));
  return program;
}
