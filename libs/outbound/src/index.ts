export type { OutboundRequest, OutboundResponse } from './outbound-request';
export { retryAfterMs } from './retry-after';
export { SafeHttp } from './safe-http';
export type { SafeHttpOptions } from './safe-http';
export { checkUrl } from './url-rule';
export { signWithAll, WebhookSigner } from './webhook-signer';
