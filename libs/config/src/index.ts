export { generateApiKey, hashApiKey, looksLikeApiKey } from './api-key';
export { configEntries } from './config-entries';
export type { ConfigEntry } from './config-entries';
export type { ConfigOptions } from './code-options';
export { formatIssue } from './format-issue';
export type {
  ApiKeyConfig,
  AuthConfig,
  ConfigSource,
  GatewayConfig,
  LoadedGatewayConfig,
  PersistenceConfig,
  QueueConfig,
} from './gateway-config';
export { GATEWAY_CONFIG, GatewayConfigModule, InjectGatewayConfig } from './gateway-config.module';
export { gatewayJsonSchema } from './json-schema';
export { loadGatewayConfig } from './load-gateway-config';
export { USUAL_KEY_VARIABLES } from './provider-keys';
export { processEnvironment } from './process-environment';
export { SCOPES } from './schema/auth';
export type { Scope } from './schema/auth';
