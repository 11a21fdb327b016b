import { type Command, Option } from 'commander';
import { asClient } from '../exit';
import { clientCommand, count, seconds, several } from './client-flags';
import type { RunFlags } from './run';

export function runCommand(): Command {
  return clientCommand('run', 'Run an agent: hand in a message, or an input, and wait for the result.')
    .argument('<agent>', "the agent's id")
    .argument('[message]', 'what it is asked; - reads stdin')
    .option('--input <json>', 'instead of a message: JSON, @file, or - for stdin')
    .option('--context <json>', 'facts besides the message: a JSON object, @file, or -')
    .option('--wait', 'wait for the result (this is what it does anyway)')
    .option('--watch', 'show its events meanwhile')
    .option('--detach', 'print its id, and do not wait')
    .option('--wait-timeout <seconds>', 'wait no longer than this; exit code 5', seconds)
    .option('--conversation <id>', 'the conversation that it belongs to')
    .addOption(new Option('--priority <name>', "over the agent's own").choices(['high', 'default', 'low']))
    .option('--timeout <seconds>', 'hard limit of each run', seconds)
    .option('--max-retries <count>', 'attempts after the first one', count)
    .option('--delay <seconds>', 'before it becomes due', seconds)
    .option('--tag <tag>', 'to find it by; may be given several times', several)
    .option('--metadata <name=value>', 'comes back with the record; may be given several times', several)
    .option('--idempotency-key <key>', 'the same key and request are the same execution')
    .option('--correlation-id <id>', 'your own id, carried through')
    .action((agent: string, message: string | undefined, flags: RunFlags) =>
      asClient(() => {
        const { run } = require('./run') as typeof import('./run');
        return run(agent, message, flags);
      }),
    );
}
