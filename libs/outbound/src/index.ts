export { SafeHttp } from './safe-http';
export type { OutboundRequest, OutboundResponse, SafeHttpOptions } from './safe-http';
export { checkUrl } from './url-rule';
