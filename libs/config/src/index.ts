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
export { CHANNELS, knownChannels, NO_CHANNELS } from './notifications/known-channels';
export type { ChannelName, KnownChannels, NotificationsConfig } from './notifications/known-channels';
export { TEMPLATE_NAMES, templateEngine } from './notifications/liquid';
export { parseRate, RATE_FORM, RATE_RULE } from './rate';
export type { Rate } from './rate';
export { readTargets } from './notifications/read-targets';
export type { NotifyTarget, NotifyTargets, PlacedTarget } from './notifications/read-targets';
export { targetProblem } from './notifications/target-problem';
export type { TargetProblem } from './notifications/target-problem';
export { notifyTargets } from './schema/notify-target';
export { isAllowedRecipient } from './notifications/allowed-recipient';
