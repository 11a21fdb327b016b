import { Command } from 'commander';
import { agentsCommand } from './commands/agents.command';
import { approvalsCommand } from './commands/approvals.command';
import { configCommand } from './commands/config.command';
import { conversationsCommand } from './commands/conversations.command';
import { deliveriesCommand } from './commands/deliveries.command';
import { diffCommand } from './commands/diff.command';
import { doctorCommand } from './commands/doctor.command';
import { dlqCommand } from './commands/dlq.command';
import { eventsCommand } from './commands/events.command';
import { executionsCommand } from './commands/executions.command';
import { healthCommand } from './commands/health.command';
import { initCommand } from './commands/init.command';
import { logsCommand } from './commands/logs.command';
import { notifyCommand } from './commands/notify.command';
import { openapiCommand } from './commands/openapi.command';
import { runCommand } from './commands/run.command';
import { serveCommand } from './commands/serve.command';
import { toolsCommand } from './commands/tools.command';
import { watchCommand } from './commands/watch.command';
import { webhooksCommand } from './commands/webhooks.command';
import { workersCommand } from './commands/workers.command';
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
  const commands = [
    initCommand(),
    serveCommand(),
    runCommand(),
    watchCommand(),
    logsCommand(),
    executionsCommand(),
    diffCommand(),
    approvalsCommand(),
    eventsCommand(),
    dlqCommand(),
    conversationsCommand(),
    webhooksCommand(),
    deliveriesCommand(),
    workersCommand(),
    agentsCommand(),
    toolsCommand(),
    healthCommand(),
    doctorCommand(),
    configCommand(),
    notifyCommand(),
    openapiCommand(),
  ];
  for (const command of commands) program.addCommand(inheriting(command, program));
  return program;
}

/** Commander hands its settings down only to what it makes itself. */
function inheriting(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  for (const below of command.commands) inheriting(below, command);
  return command;
}
