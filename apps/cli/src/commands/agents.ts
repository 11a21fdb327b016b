import 'reflect-metadata';
import { resolve } from 'node:path';
import { type AgentDefinition, loadCatalogue } from '@longhaul/agents';
import { formatIssue, loadGatewayConfig } from '@longhaul/config';
import { agentDefaults, toolSettings } from '@longhaul/gateway';
import { type Issue, unknownName } from '@longhaul/kernel';
import { loadToolCatalogue } from '@longhaul/tools';
import { agentView } from '../../../api/src/agents/agent-view';
import { EXIT, type ExitCode } from '../exit-codes';
import { printJson, printTable } from '../terminal/print';

export interface AgentsFlags {
  workspace: string;
  json?: boolean;
}

export interface ValidateFlags extends AgentsFlags {
  strict?: boolean;
}

/** Throws `ConfigurationError` for a gateway.yaml that no gateway would start on. */
export function listAgents(flags: AgentsFlags): ExitCode {
  const { workspace, definitions, problems, warnings } = read(flags);
  if (flags.json) printJson({ workspace, agents: definitions.map(view), problems, warnings });
  else {
    const rows = definitions.map((agent) => [
      agent.id,
      agent.runtime,
      agent.runtime === 'llm' ? agent.model : '-',
      agent.executionMode,
      agent.queue,
      stateOf(agent),
    ]);
    printTable(['AGENT', 'RUNTIME', 'MODEL', 'MODE', 'QUEUE', 'STATE'], rows);
    for (const problem of problems) console.error(formatIssue(problem));
  }
  return EXIT.ok;
}

/** Exit code 4 for an agent that is not there, 1 for one that does not load. */
export function showAgent(id: string, flags: AgentsFlags): ExitCode {
  const { definitions, problems } = read(flags);
  const agent = definitions.find((one) => one.id === id);
  if (agent) {
    if (flags.json) printJson(view(agent));
    else printAgent(agent);
    return EXIT.ok;
  }
  const own = problems.filter(({ path }) => path.startsWith(`agents/${id}/`));
  const ids = definitions.map((one) => one.id);
  for (const problem of own) console.error(formatIssue(problem));
  if (own.length === 0) console.error(`longhaul: ${unknownName('agent', id, ids)}`);
  return own.length === 0 ? EXIT.notFound : EXIT.failed;
}

/** What is wrong, a line each, as editors read them: `file:line: what; the mend`. */
export function validateAgents(flags: ValidateFlags): ExitCode {
  const { workspace, definitions, problems, warnings } = read(flags);
  const ok = problems.length === 0 && !(flags.strict === true && warnings.length > 0);
  if (flags.json) printJson({ workspace, ok, agents: definitions.map(({ id }) => id), problems, warnings });
  else {
    for (const problem of problems) console.log(formatIssue(problem));
    for (const warning of warnings) console.log(`warning: ${formatIssue(warning)}`);
    console.log([plural(definitions, 'agent'), plural(problems, 'problem'), plural(warnings, 'warning')].join(', '));
  }
  return ok ? EXIT.ok : EXIT.failed;
}

function read(flags: AgentsFlags) {
  const workspace = resolve(flags.workspace);
  const loaded = loadGatewayConfig({ workspace, env: process.env });
  const { definitions: tools } = loadToolCatalogue(toolSettings(loaded, workspace));
  return { workspace, ...loadCatalogue(workspace, agentDefaults(loaded.config), tools) };
}

function view(agent: AgentDefinition) {
  return { ...agentView(agent), file: agent.file, state: stateOf(agent), instructions: agent.instructions };
}

function stateOf(agent: AgentDefinition): string {
  if (!agent.enabled) return 'disabled';
  if (agent.unavailableReason !== undefined) return `unavailable: ${agent.unavailableReason}`;
  return agent.runtime === 'code' ? 'code agent: checked when the gateway starts' : 'ready';
}

function printAgent(agent: AgentDefinition): void {
  const { instructions, ...rest } = view(agent);
  const lines = Object.entries(rest).map(([key, value]) => [
    key,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  const width = Math.max(...lines.map(([key = '']) => key.length));
  for (const [key = '', value = ''] of lines) console.log(`${key.padEnd(width)}  ${value}`);
  if (instructions !== '') console.log(`\n${instructions}`);
}

function plural(items: readonly (Issue | AgentDefinition)[], word: string): string {
  return `${items.length} ${word}${items.length === 1 ? '' : 's'}`;
}
