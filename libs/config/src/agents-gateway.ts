import { isJsonObject } from '@longhaul/kernel';
import type { JsonObject, JsonValue } from '@longhaul/kernel';
import type { PlacedIssue } from './config-path';
import { translateChannels } from './notifications/foreign-notifications';
import type { Scope } from './schema/auth';

/** Sections and keys of the Python agents-gateway that mean nothing here, and what serves instead where something does. */
const FOREIGN_KEYS: Record<string, string | undefined> = {
  timezone: undefined,
  guardrails: 'set limits in AGENT.md',
  telemetry: undefined,
  scheduler: undefined,
  context_retrieval: undefined,
  mcp: 'name its servers in mcp_servers',
  memory: undefined,
  context: undefined,
  cors: undefined,
  rate_limit: undefined,
  security: undefined,
  dashboard: undefined,
  'server.workers': 'set queue.workers',
  'model.temperature': 'set model.temperature in AGENT.md',
  'model.max_tokens': 'set model.max_tokens in AGENT.md',
  'model.fallback': 'set model.fallback in AGENT.md',
  'auth.enabled': 'set auth.mode',
  'auth.oauth2': undefined,
  'auth.public_paths': undefined,
  'notifications.webhooks': undefined,
  'notifications.webhook_secret': undefined,
  'persistence.enabled': undefined,
  'persistence.table_prefix': undefined,
  'persistence.db_schema': undefined,
};

/** Its scopes and what they allow here; null: nothing here asks for such a right. */
const FOREIGN_SCOPES: Readonly<Record<string, Scope | null>> = {
  '*': 'admin',
  'agents:invoke': 'agents:run',
  read: 'executions:read',
  'schedules:read': null,
  'schedules:manage': null,
};

const FOREIGN_MODES = ['jwt', 'oauth2', 'composite', 'custom'];

/** The values without the foreign keys, so that a workspace of agents-gateway loads unchanged; one warning for each. */
export function dropForeignKeys(values: JsonObject): { values: JsonObject; warnings: PlacedIssue[] } {
  const kept = structuredClone(values);
  const warnings: PlacedIssue[] = translateChannels(kept);
  for (const [key, instead] of Object.entries(FOREIGN_KEYS)) {
    const at = key.split('.');
    const parent = at.length === 1 ? kept : kept[at[0] ?? ''];
    const name = at.at(-1) ?? '';
    if (!isJsonObject(parent) || !Object.hasOwn(parent, name)) continue;
    delete parent[name];
    const hint = instead ?? 'keep it for agents-gateway, or remove it';
    warnings.push({ at, message: 'is a setting of agents-gateway and has no effect here', hint });
  }
  return { values: kept, warnings };
}

/** Its values that have another name here. A mode we cannot serve becomes the strictest one that we can. */
export function translateForeignValues(values: Record<string, unknown>): PlacedIssue[] {
  const auth = values['auth'];
  if (!isJsonObject(auth)) return [];
  const warnings: PlacedIssue[] = [];
  const mode = auth['mode'];
  if (typeof mode === 'string' && FOREIGN_MODES.includes(mode)) {
    auth['mode'] = 'api_key';
    const message = `${mode} is accepted but not built yet: only API keys are let in`;
    warnings.push({ at: ['auth', 'mode'], message, hint: 'set auth.mode: api_key' });
  }
  for (const [index, key] of (Array.isArray(auth['api_keys']) ? auth['api_keys'] : []).entries()) {
    if (!isJsonObject(key) || !Array.isArray(key['scopes'])) continue;
    const { scopes, read } = translateScopes(key['scopes']);
    if (read.length === 0 || scopes.length === 0) continue;
    key['scopes'] = scopes;
    const at = ['auth', 'api_keys', index, 'scopes'];
    warnings.push({ at, message: read.join(', '), hint: 'name the scopes that the key needs' });
  }
  return warnings;
}

/** Never more than was given: a key that is left without any scope stays as it is, and is refused. */
function translateScopes(given: readonly JsonValue[]): { scopes: JsonValue[]; read: string[] } {
  const scopes = new Set<JsonValue>();
  const read: string[] = [];
  for (const scope of given) {
    const ours = typeof scope === 'string' && Object.hasOwn(FOREIGN_SCOPES, scope) ? FOREIGN_SCOPES[scope] : undefined;
    if (ours !== null) scopes.add(ours ?? scope);
    if (ours !== undefined) read.push(`${JSON.stringify(scope)} is ${ours === null ? 'ignored' : `read as ${ours}`}`);
  }
  return { scopes: [...scopes], read };
}
