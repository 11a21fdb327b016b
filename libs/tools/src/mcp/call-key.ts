/** Where a call carries its idempotency key: in `_meta` of `tools/call`. */
export const CALL_KEY = 'idempotencyKey';
