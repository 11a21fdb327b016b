import 'reflect-metadata';
import { resolve } from 'node:path';
import { formatIssue, loadGatewayConfig } from '@longhaul/config';
import { toolSettings } from '@longhaul/gateway';
import { loadToolCatalogue, type ToolDefinition } from '@longhaul/tools';
import { toolView } from '../../../api/src/tools/tool-view';
import { EXIT, type ExitCode } from '../exit-codes';
import { printJson, printTable } from '../terminal/print';

export interface ToolsFlags {
  workspace: string;
  json?: boolean;
}

export interface ValidateToolsFlags extends ToolsFlags {
  strict?: boolean;
}

/** Throws `ConfigurationError` for a gateway.yaml that no gateway would start on. */
export function listTools(flags: ToolsFlags): ExitCode {
  const { workspace, definitions, problems, warnings } = read(flags);
  if (flags.json) {
    const tools = definitions.map((tool) => ({ ...toolView(tool), file: tool.file }));
    printJson({ workspace, tools, problems, warnings });
    return EXIT.ok;
  }
  const rows = definitions.map((tool) => [
    tool.name,
    tool.kind,
    tool.effects,
    tool.tags.join(' ') || '-',
    tool.requiresApproval ? 'yes' : 'no',
    stateOf(tool),
  ]);
  printTable(['TOOL', 'KIND', 'EFFECTS', 'TAGS', 'APPROVAL', 'STATE'], rows);
  for (const problem of problems) console.error(formatIssue(problem));
  return EXIT.ok;
}

/** What is wrong, a line each, as editors read them: `file:line: what; the mend`. */
export function validateTools(flags: ValidateToolsFlags): ExitCode {
  const { workspace, definitions, problems, warnings } = read(flags);
  const ok = problems.length === 0 && !(flags.strict === true && warnings.length > 0);
  if (flags.json) printJson({ workspace, ok, tools: definitions.map(({ name }) => name), problems, warnings });
  else {
    for (const problem of problems) console.log(formatIssue(problem));
    for (const warning of warnings) console.log(`warning: ${formatIssue(warning)}`);
    const counts = [plural(definitions, 'tool'), plural(problems, 'problem'), plural(warnings, 'warning')];
    console.log(counts.join(', '));
  }
  return ok ? EXIT.ok : EXIT.failed;
}

function read(flags: ToolsFlags) {
  const workspace = resolve(flags.workspace);
  const loaded = loadGatewayConfig({ workspace, env: process.env });
  return { workspace, ...loadToolCatalogue(toolSettings(loaded, workspace)) };
}

function stateOf({ unavailableReason }: ToolDefinition): string {
  return unavailableReason === undefined ? 'ready' : `unavailable: ${unavailableReason}`;
}

function plural(items: readonly unknown[], word: string): string {
  return `${items.length} ${word}${items.length === 1 ? '' : 's'}`;
}
