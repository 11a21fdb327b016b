import { resolve } from 'node:path';
import { ConfigurationError, isJsonObject } from '@longhaul/kernel';
import type { Issue } from '@longhaul/kernel';
import { dropForeignKeys, translateForeignValues } from './agents-gateway';
import { toAuthConfig, warnAuth } from './auth-config';
import { camelize } from './camelize';
import { type ConfigOptions, readOptions } from './code-options';
import { formatPath } from './config-path';
import type { ConfigPath } from './config-path';
import { databaseUrl } from './database-url';
import { readEnvFile, readOverrides } from './environment';
import { formatIssues } from './format-issue';
import type { GatewayConfig, LoadedGatewayConfig } from './gateway-config';
import { readGatewayYaml } from './gateway-yaml';
import { collectMcpSecrets } from './mcp-servers';
import { Origins } from './origins';
import { withUsualKeys } from './provider-keys';
import { resultEventsBroker } from './result-events';
import { checkRules } from './rules';
import { schemaIssues } from './schema-issues';
import { leafPaths } from './schema-walk';
import { gatewaySchema } from './schema/gateway-schema';
import type { GatewayDocument } from './schema/gateway-schema';
import { collectSecrets } from './secrets';
import { expandSecret, expandVariables } from './variables';
import type { Environment } from './variables';

export interface LoadOptions {
  workspace: string;
  env: NodeJS.ProcessEnv;
  /** What an embedding application sets in code. */
  code?: ConfigOptions;
}

/**
 * Reads `<workspace>/gateway.yaml` and `<workspace>/.env` (both may be missing) and the environment; what code says
 * wins over the environment, that over `.env`, `.env` over the file, the file over the defaults. Throws a `ConfigurationError` with every issue
 * at once; what YAML itself refuses stands alone.
 */
export function loadGatewayConfig(options: LoadOptions): LoadedGatewayConfig {
  const workspace = resolve(options.workspace);
  const file = readGatewayYaml(workspace);
  const envFile = readEnvFile(workspace);
  const env: Environment = { ...envFile, ...options.env };

  const environment = readOverrides(gatewaySchema, env);
  const overrides = [...environment.overrides, ...readOptions(gatewaySchema, options.code ?? {})];
  const origins = new Origins(file, overrides, (variable) => options.env[variable] === undefined);
  const own = dropForeignKeys(file.values);
  const expanded = expandVariables(gatewaySchema, own.values, env);
  const merged = overrides.reduce(
    (document, { path, value }) => setAt(document, path, value),
    withoutEmpty(expanded.values),
  );
  const values = withUsualKeys(merged, env);
  const translated = translateForeignValues(values);

  const parsed = gatewaySchema.safeParse(values);
  const broken = new Set(expanded.issues.map(({ at }) => formatPath(at)));
  const refused = parsed.success ? checkRules(parsed.data) : schemaIssues(gatewaySchema, values, parsed.error);
  const placed = [...expanded.issues, ...refused.filter(({ at }) => !broken.has(formatPath(at)))];
  const issues: Issue[] = [...environment.issues, ...placed.map((issue) => origins.locate(issue))];
  if (!parsed.success || issues.length > 0) throw new ConfigurationError(formatIssues(issues), issues);

  const secrets = collectSecrets(values);
  collectMcpSecrets(own.values['mcp_servers'], env, secrets);
  const warnings = [...own.warnings, ...translated, ...warnAuth(parsed.data.auth)];
  return {
    config: toGatewayConfig(parsed.data, workspace),
    warnings: [...file.warnings, ...environment.warnings, ...warnings.map((warning) => origins.locate(warning))],
    sources: new Map(leafPaths(gatewaySchema).map((path) => [formatPath(path), origins.sourceOf(path)])),
    secrets,
    expand: (text) => expandSecret(text, env, secrets),
    variable: (name) => env[name],
  };
}

function toGatewayConfig(document: GatewayDocument, workspace: string): GatewayConfig {
  const persistence = { ...document.persistence, url: databaseUrl(document.persistence, workspace) };
  const result_events = { ...document.result_events, ...resultEventsBroker(document) };
  const config = camelize(gatewaySchema, { ...document, persistence, result_events });
  return Object.freeze({ ...config, auth: toAuthConfig(document.auth) });
}

/** A section without a value (`queue:`) is a section of defaults. */
function withoutEmpty(values: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(isJsonObject(values) ? values : {}).filter(([, value]) => value !== null));
}

function setAt(node: unknown, path: ConfigPath, value: unknown): Record<string, unknown> {
  const [head = '', ...rest] = path.map(String);
  const base = isJsonObject(node) ? node : {};
  return Object.fromEntries([
    ...Object.entries(base).filter(([key]) => key !== head),
    [head, rest.length === 0 ? value : setAt(base[head], rest, value)],
  ]);
}
