export { makeWorkspace, testGatewayConfig } from './workspace';
