import type { Issue } from '@longhaul/kernel';
import type { Camelized } from './camelize';
import type { Expanded } from './variables';
import type { Scope } from './schema/auth';
import type { GatewayDocument } from './schema/gateway-schema';

/** A key that opens the gateway, as its hash: the key itself is forgotten once it is read. */
export interface ApiKeyConfig {
  readonly name: string;
  /** SHA-256 of the key, 64 lower-case hexadecimal digits. */
  readonly keyHash: string;
  readonly owner: string;
  readonly scopes: readonly Scope[];
  /** Instead of `server.rate_limit`. */
  readonly rateLimit?: { readonly requests: number; readonly perS: number };
  /** Instead of `server.rate_limit.max_concurrent`. */
  readonly maxConcurrent?: number;
}

export interface AuthConfig {
  readonly mode: 'none' | 'api_key';
  readonly apiKeys: readonly ApiKeyConfig[];
}

/**
 * gateway.yaml, `.env` and environment as one checked, frozen object: the keys of the file in camelCase
 * (`queue.visibility_timeout_s` -> `queue.visibilityTimeoutS`), names chosen by the user (providers, routes, profiles,
 * models) untouched. Spans keep the unit that their name ends in. `persistence.url` of SQLite is an absolute path.
 */
export type GatewayConfig = Camelized<Omit<GatewayDocument, 'auth'>> & { readonly auth: AuthConfig };

export type QueueConfig = GatewayConfig['queue'];
export type PersistenceConfig = GatewayConfig['persistence'];

/** Who had the last word on a key. `.env` counts as the environment. */
export type ConfigSource = 'code' | 'env' | 'yaml' | 'default';

export interface LoadedGatewayConfig {
  readonly config: GatewayConfig;
  /** What was accepted but will not do what it says: to be logged at start. */
  readonly warnings: readonly Issue[];
  /** By the key's path in gateway.yaml, such as `queue.backend`. */
  readonly sources: ReadonlyMap<string, ConfigSource>;
  /** Values to be blotted out wherever they turn up in logs, events and answers. */
  readonly secrets: readonly string[];
  /**
   * A text of the workspace (a header in an AGENT.md) with its `${NAME}` replaced from the environment and `.env`, or
   * what is wrong with it. What the variables hold joins `secrets`.
   */
  readonly expand: (text: string) => Expanded;
  /** A variable of the environment or of `.env`, as it was at the start. Asked for by name only: it may be a secret. */
  readonly variable: (name: string) => string | undefined;
}
