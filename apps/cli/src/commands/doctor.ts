import 'reflect-metadata';
import { resolve } from 'node:path';
import { formatIssue, type LoadedGatewayConfig, loadGatewayConfig } from '@longhaul/config';
import { assertWebhookTargets, mcpOptions } from '@longhaul/gateway';
import { ConfigurationError, type Finding, redact } from '@longhaul/kernel';
import { examineMcpServers } from '@longhaul/tools';
import { examinePersistence, examinePorts, examineQueue, examineWorkspace } from '../doctor/examine-parts';
import { survivals } from '../doctor/survival';
import { EXIT, type ExitCode } from '../exit-codes';
import { plain } from '../terminal/plain';
import { printJson, printTable } from '../terminal/print';
import { paint } from '../terminal/style';

export interface DoctorFlags {
  workspace: string;
  json?: boolean;
}

const MARKS = { ok: ['green', 'ok'], warning: ['bold', 'warning'], problem: ['red', 'problem'] } as const;

/** Looks at all that a gateway on this workspace would stand on. Changes nothing. Exit code 1 when there is a problem. */
export async function doctor(flags: DoctorFlags): Promise<ExitCode> {
  const workspace = resolve(flags.workspace);
  const loaded = load(workspace);
  const node: Finding = { subject: 'node', level: 'ok', message: process.version };
  const found = [node, ...(Array.isArray(loaded) ? loaded : await examine(workspace, loaded))];
  const ok = found.every(({ level }) => level !== 'problem');
  const lines = Array.isArray(loaded) ? [] : survivals(loaded.config);
  if (flags.json) printJson({ workspace, ok, findings: found, survivals: lines });
  else {
    for (const finding of found) print(finding);
    if (lines.length > 0) {
      console.log('');
      printTable(
        ['WHEN', 'THEN'],
        lines.map(({ when, outcome }) => [when, outcome]),
      );
    }
  }
  return ok ? EXIT.ok : EXIT.failed;
}

async function examine(workspace: string, loaded: LoadedGatewayConfig): Promise<Finding[]> {
  const { config, warnings, secrets } = loaded;
  const found: Finding[] = [
    { subject: 'configuration', level: 'ok', message: `${config.queue.backend} queue, ${config.persistence.backend}` },
    ...warnings.map((issue): Finding => ({ subject: 'configuration', level: 'warning', message: formatIssue(issue) })),
    ...examineWorkspace(workspace, loaded),
    ...(await examinePersistence(config)),
    ...(await examineQueue(workspace, loaded)),
    ...(await examinePorts(config)),
    ...(await examineMcpServers(mcpOptions(loaded, workspace))),
  ];
  // A driver's error may quote the address with its password.
  return found.map((finding) => ({ ...finding, message: redact(finding.message, secrets) }));
}

/** What is wrong with the configuration is a finding like any other; without one there is nothing more to look at. */
function load(workspace: string): LoadedGatewayConfig | Finding[] {
  try {
    const loaded = loadGatewayConfig({ workspace, env: process.env });
    assertWebhookTargets(loaded.config);
    return loaded;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const issues = error.issues?.length ? error.issues.map(formatIssue) : [error.message];
    return issues.map((message) => ({ subject: 'configuration', level: 'problem', message }));
  }
}

function print({ subject, level, message, mend }: Finding): void {
  const [style, word] = MARKS[level];
  console.log(`${paint(style, word.padEnd(7))}  ${subject.padEnd(22)}  ${plain(message)}`);
  if (mend !== undefined) console.log(`${' '.repeat(33)}→ ${mend}`);
}
