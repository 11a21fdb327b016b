import { isIP } from 'node:net';
import { z } from 'zod';
import { isCidr } from './http';
import { number, port, seconds, section, text, url } from './fields';

/** Per window: `requests` in `per_s` seconds. */
const requests = (description: string) => number({ min: 0, max: 100_000_000 }, description);
const window = seconds(1, 'Length of the window in seconds; whole.').int({ error: 'must be a whole number' });

/** What a key may have of its own. */
export const keyRateLimit = z.strictObject({ requests: requests('Requests in per_s; 0 = no limit.'), per_s: window.default(60) });
export const maxConcurrent = number({ min: 0, max: 1_000_000 }, 'Executions of its owner that are not over; 0 = no limit.');

/** Of /0 everybody could say who he is. */
const isProxy = (value: string) => isIP(value) !== 0 || (isCidr(value) && !/\/0+$/.test(value));

/** As a browser writes it: no path, no default port, not the `null` of a page without one. */
const isOrigin = (value: string) => /^https?:/.test(value) && URL.canParse(value) && new URL(value).origin === value;

const rateLimit = section('How much may come in, per API key and per address. With auth.mode none only per_address counts.', {
  requests: requests('Requests of one key in per_s, unless the key says otherwise; 0 = no limit.').default(6_000),
  per_address: requests('Requests of one address (IPv6: its /64) in per_s, whatever its keys; 0 = no limit.').default(0),
  per_s: window.default(60),
  failed_keys: requests('Requests without a valid key from one address in per_s, before it is refused; 0 = no limit.').default(60),
  max_concurrent: maxConcurrent.default(0),
});

const streams = section('Open event streams, of one process: SSE and WebSocket together.', {
  max: number({ min: 1, max: 1_000_000 }, 'Streams of one process; then 429 too_many_streams.').default(5_000),
  per_key: number({ min: 0, max: 1_000_000 }, "Streams of one key's owner, of one process; 0 = no limit. With auth.mode none it does not count.").default(500),
  heartbeat_s: seconds(0.1, 'How often a stream without news says that it is alive; below the idle timeout of every proxy.').default(10),
});

export const server = section('The HTTP face.', {
  host: text('Address to listen on. Anything but loopback needs auth.mode api_key.').default('127.0.0.1'),
  port: port('Port to listen on; 0 takes a free one.').default(8000),
  public_url: url(
    ['http', 'https'],
    'Where other machines reach this API, for the callbacks of HTTP agents; http://host:port when absent.',
  ).optional(),
  sync_wait_s: seconds(0, 'How long a synchronous request waits for its result before it gets 202.').default(120),
  max_body_kb: number({ min: 1, max: 65_536 }, 'Largest request body in KiB; a larger one gets 413.').default(256),
  trust_proxy: z
    .array(z.string().refine(isProxy, { error: 'must be an address or a network such as 10.0.0.0/8, and not everybody (/0)' }).describe('A proxy of your own.'))
    .default([])
    .describe('Proxies whose X-Forwarded-For is believed, by address or network; none by default.'),
  allowed_origins: z
    .array(z.string().refine(isOrigin, { error: 'must be an origin such as https://app.example.com, without a path' }).describe('An origin.'))
    .default([])
    .describe('Web pages of other origins that may open the WebSocket; the gateway\'s own always may.'),
  rate_limit: rateLimit,
  streams,
  metrics: section('GET /metrics, for Prometheus: on the API, and on worker.health_port.', {
    enabled: z.boolean().default(true).describe('Keep metrics. false: nothing is counted, and nothing loaded that would.'),
    public: z.boolean().default(false).describe('Let everybody scrape. Else it takes a key of scope admin; with auth.mode none, this machine.'),
  }),
  startup_timeout_s: seconds(
    1,
    'How long start-up keeps trying to reach the database and the broker before it gives up.',
  ).default(60),
});

export const worker = section('The process that runs executions.', {
  heartbeat_s: seconds(0.1, 'How often a worker renews its lease; at most half of queue.visibility_timeout_s.').default(5),
  health_port: port('Port of the health endpoint of `serve --worker-only`; 0 = none.').default(0),
  death_certificates: z
    .boolean()
    .default(true)
    .describe(
      'See the death of a worker within seconds: by a session lock on PostgreSQL, by its pid on SQLite. false: where a pooler breaks session locks (PgBouncer in transaction mode).',
    ),
  max_executions: number(
    { min: 0, max: 1_000_000_000 },
    'Recycle the process after this many executions; 0 = never.',
  ).default(0),
});
