import { isJsonObject } from '@longhaul/kernel';
import type { PlacedIssue } from './config-path';
import type { GatewayDocument } from './schema/gateway-schema';
import { PROVIDER_TYPES } from './schema/models';
import type { Environment } from './variables';

/** The variables that the providers' own tools read, by provider. */
export const USUAL_KEY_VARIABLES: Readonly<Record<string, string>> = {
  openai: 'OPENAI_API_KEY',
  anthropic: 'ANTHROPIC_API_KEY',
  google: 'GOOGLE_GENERATIVE_AI_API_KEY',
};

/**
 * The document with the keys that the environment has under their usual names, where it names none: somebody who has
 * set OPENAI_API_KEY need not write a section to use `openai/…`. A provider at an address of its own gets none, or a
 * key would go to a stranger.
 */
export function withUsualKeys(values: Record<string, unknown>, env: Environment): Record<string, unknown> {
  const own = values['providers'];
  if (own !== undefined && !isJsonObject(own)) return values;
  const providers: Record<string, unknown> = { ...own };
  for (const [name, variable] of Object.entries(USUAL_KEY_VARIABLES)) {
    const entry = providers[name] ?? {};
    const key = env[variable];
    if (!key || !isJsonObject(entry) || entry['api_key'] !== undefined || entry['base_url'] !== undefined) continue;
    if (entry['type'] !== undefined && entry['type'] !== name) continue;
    providers[name] = { ...entry, api_key: key };
  }
  return Object.keys(providers).length === 0 ? values : { ...values, providers };
}

/** A provider must say how to speak to it, by its type, its name or its address. */
export function checkProviders({ providers }: GatewayDocument): PlacedIssue[] {
  return Object.entries(providers).flatMap(([name, { type, base_url }]): PlacedIssue[] => {
    if (name === 'demo') {
      return [{ at: ['providers', name], message: 'is built in', hint: 'give yours another name' }];
    }
    const kind = type ?? PROVIDER_TYPES.find((known) => known === name);
    if (kind === undefined && base_url === undefined) {
      const hint = `write type: ${PROVIDER_TYPES.join(' | ')}, or the base_url of a server with OpenAI's API`;
      return [{ at: ['providers', name], message: `"${name}" is no known provider and has no type`, hint }];
    }
    if (kind !== 'openai-compatible' || base_url !== undefined) return [];
    const hint = 'write base_url: http://127.0.0.1:11434/v1, or wherever it answers';
    return [{ at: ['providers', name], message: 'openai-compatible needs a base_url', hint }];
  });
}
