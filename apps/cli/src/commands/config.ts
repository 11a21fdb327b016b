import { resolve } from 'node:path';
import { configEntries, formatIssue, gatewayJsonSchema, loadGatewayConfig } from '@longhaul/config';
import { assertWebhookTargets } from '@longhaul/gateway';
import { ConfigurationError } from '@longhaul/kernel';
import { EXIT, type ExitCode } from '../exit-codes';
import { printJson, printTable } from '../terminal/print';

export interface ConfigFlags {
  workspace: string;
  json?: boolean;
}

/** Every key with its value in force and where that came from. Throws `ConfigurationError`. */
export function printConfig(flags: ConfigFlags): ExitCode {
  const workspace = resolve(flags.workspace);
  const loaded = loadGatewayConfig({ workspace, env: process.env });
  const entries = configEntries(loaded);
  if (flags.json) printJson({ workspace, entries, warnings: loaded.warnings });
  else {
    const rows = entries.map(({ key, value, source }) => [
      key,
      value === undefined ? '-' : JSON.stringify(value),
      source,
    ]);
    printTable(['KEY', 'VALUE', 'FROM'], rows);
    for (const warning of loaded.warnings) console.error(`warning: ${formatIssue(warning)}`);
  }
  return EXIT.ok;
}

/** What editors check gateway.yaml with. */
export function printConfigSchema(): ExitCode {
  printJson(gatewayJsonSchema());
  return EXIT.ok;
}

/** Whether a gateway would start on it, as far as files and environment go; every issue at once, exit code 2. */
export function checkConfig(flags: ConfigFlags): ExitCode {
  const workspace = resolve(flags.workspace);
  try {
    const { warnings, config } = loadGatewayConfig({ workspace, env: process.env });
    assertWebhookTargets(config);
    if (flags.json) printJson({ workspace, ok: true, issues: [], warnings });
    else {
      console.log(`ok  ${workspace}`);
      for (const warning of warnings) console.log(`warning: ${formatIssue(warning)}`);
    }
    return EXIT.ok;
  } catch (error) {
    if (!flags.json || !(error instanceof ConfigurationError)) throw error;
    printJson({ workspace, ok: false, issues: error.issues ?? [], warnings: [] });
    return EXIT.usage;
  }
}
