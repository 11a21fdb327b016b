import { isJsonObject, redact, REDACTED } from '@longhaul/kernel';
import type { z } from 'zod';
import { camelCase } from './camelize';
import { formatPath, isSecretPath } from './config-path';
import type { ConfigPath } from './config-path';
import type { ConfigSource, LoadedGatewayConfig } from './gateway-config';
import { childOf, leafPaths, shapeOf, valueAt } from './schema-walk';
import { gatewaySchema } from './schema/gateway-schema';
import { shownUrl } from './secret-url';

/** One key of gateway.yaml as it is in force. */
export interface ConfigEntry {
  /** `queue.backend`. */
  key: string;
  /** In the file's own names; undefined when it has neither a value nor a default. Secrets are blotted out. */
  value: unknown;
  source: ConfigSource;
}

/** Every key, fit to be shown to whoever asks. */
export function configEntries({ config, sources, secrets }: LoadedGatewayConfig): ConfigEntry[] {
  return leafPaths(gatewaySchema).map((path) => {
    const schema = path.reduce<z.core.$ZodType | undefined>(childOf, gatewaySchema);
    const value = inFileNames(schema, valueAt(config, path.map(camelCase)));
    const key = formatPath(path);
    return { key, value: withoutSecrets(value, path, secrets), source: sources.get(key) ?? 'default' };
  });
}

/** What `camelize` did, undone. */
function inFileNames(schema: z.core.$ZodType | undefined, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item, index) => inFileNames(childOf(schema, index), item));
  if (!isJsonObject(value)) return value;
  const shape = schema && shapeOf(schema);
  const names = new Map(Object.keys(shape ?? {}).map((name) => [camelCase(name), name]));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const name = names.get(key) ?? key;
      return [name, inFileNames(childOf(schema, name), item)];
    }),
  );
}

function withoutSecrets(value: unknown, path: ConfigPath, secrets: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item, index) => withoutSecrets(item, [...path, index], secrets));
  if (isJsonObject(value)) {
    const entries = Object.entries(value);
    return Object.fromEntries(entries.map(([key, item]) => [key, withoutSecrets(item, [...path, key], secrets)]));
  }
  if (typeof value !== 'string') return value;
  if (isSecretPath(path)) return REDACTED;
  return redact(shownUrl(value), secrets);
}
