/** How a request is sent: see `LonghaulClient`. `retryMs: 0` for what must not be done twice: it is sent once. */
export type Sending = (how: { signal: AbortSignal | undefined; retryMs?: number }) => {
  fetch: (request: Request) => Promise<Response>;
  signal?: AbortSignal;
};
