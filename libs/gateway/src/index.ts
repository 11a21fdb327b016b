export { GatewayModule } from './gateway.module';
export type { GatewayModuleOptions } from './gateway.module';
