export { GatewayModule } from './gateway.module';
export type { GatewayModuleOptions } from './gateway.module';
export { assertRoleFits } from './process-role';
export type { ProcessRole } from './process-role';
export { VERSION } from './version';
