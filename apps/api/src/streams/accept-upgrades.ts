import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance, RouteOptions } from 'fastify';

/** A connection that wants to become a WebSocket. */
export interface Upgrade {
  request: IncomingMessage;
  socket: Duplex;
  /** What came behind the request already. */
  head: Buffer;
  /** The answer of a route that refuses; let go of before the socket is taken. */
  response: ServerResponse;
}

const upgrades = new WeakMap<IncomingMessage, Upgrade>();

/** Null for an ordinary request. */
export function upgradeOf(request: IncomingMessage): Upgrade | null {
  return upgrades.get(request) ?? null;
}

/** Where the stream is, below whatever prefix. */
export const STREAM_PATH = '/v1/stream';

/**
 * Sends requests for a WebSocket at our route through the router like any other, so that guards, limits and problems
 * are the same. All other requests for another protocol go where they went without us: to the listeners of the host, or
 * into the router as ordinary requests (`curl --http2` asks for one with every POST). To be called before the first
 * route is registered; `isOurs` tells our routes from the host's.
 */
export function acceptUpgrades(instance: FastifyInstance, isOurs: (route: RouteOptions) => boolean = () => true): void {
  const paths = new Set<string>();
  instance.addHook('onRoute', (route) => {
    if (route.url.endsWith(STREAM_PATH) && isOurs(route)) paths.add(route.url);
  });
  const isStream = ({ url = '', headers }: IncomingMessage) =>
    headers.upgrade?.toLowerCase() === 'websocket' && paths.has(url.split('?', 1)[0] ?? '');

  const server: UpgradingServer = instance.server;
  const { shouldUpgradeCallback: before = () => true } = server;
  const othersWant = (request: IncomingMessage) => server.listenerCount('upgrade') > 1 && before.call(server, request);
  server.shouldUpgradeCallback = (request) => isStream(request) || othersWant(request);

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (isStream(request)) enter(instance, { request, socket, head, response: new ServerResponse(request) });
    // Nobody else will: on the second address of "localhost" Fastify's other server asks no callback.
    else if (server.listenerCount('upgrade') === 1) socket.destroy();
  });
}

/** Node 24.9's, for which there are no types on a server yet. */
type UpgradingServer = Server & { shouldUpgradeCallback?: (request: IncomingMessage) => boolean };

function enter(instance: FastifyInstance, upgrade: Upgrade): void {
  const { request, socket, response } = upgrade;
  upgrades.set(request, upgrade);
  // Whatever becomes of the connection is seen by who takes it; until then nobody listens.
  socket.on('error', () => socket.destroy());
  response.shouldKeepAlive = false;
  response.assignSocket(socket as never);
  response.once('finish', () => socket.end());
  instance.routing(request, response);
}
