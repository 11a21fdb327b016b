export { CoreModule } from './core.module';
export type { CoreModuleOptions } from './core.module';
export type { ExtensionInput } from './extensions/extension';
export { loadExtensions } from './extensions/load-extensions';
export { mcpOptions } from './mcp-options';
export {
  agentDefaults,
  databaseOptions,
  deliveryOptions,
  notifiersOptions,
  queueOptions,
  toolSettings,
} from './module-options';
export { assertWebhookTargets } from './notifications/webhook-targets';
export { assertRoleFits } from './process-role';
export type { ProcessRole } from './process-role';
export { VERSION } from './version';
