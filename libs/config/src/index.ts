export { generateApiKey, hashApiKey, looksLikeApiKey } from './api-key';
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
export { loadGatewayConfig } from './load-gateway-config';
export { SCOPES } from './schema/auth';
export type { Scope } from './schema/auth';
