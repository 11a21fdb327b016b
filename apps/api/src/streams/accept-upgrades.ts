import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
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
  /** To be called once it is a WebSocket: until then it is cut after a while, and when the server closes. */
  taken: () => void;
}

/** How long a route may think, and a peer take for its refusal: nobody else sees that such a connection is dead. */
const DECIDE_MS = 30_000;

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
export function acceptUpgrades(
  instance: FastifyInstance,
  isOurs: (route: RouteOptions) => boolean = () => true,
  decideMs = DECIDE_MS,
): void {
  const paths = new Set<string>();
  instance.addHook('onRoute', (route) => {
    if (route.url.endsWith(STREAM_PATH) && isOurs(route)) paths.add(route.url);
  });
  const isStream = ({ method, url = '', headers }: IncomingMessage) =>
    method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket' && paths.has(url.split('?', 1)[0] ?? '');

  const server: UpgradingServer = instance.server;
  const { shouldUpgradeCallback: before = () => true } = server;
  const othersWant = (request: IncomingMessage) => server.listenerCount('upgrade') > 1 && before.call(server, request);
  server.shouldUpgradeCallback = (request) => (isStream(request) ? !isBusy(request.socket) : othersWant(request));

  const undecided = new Set<Duplex>();
  instance.addHook('preClose', (done) => {
    for (const socket of undecided) socket.destroy();
    done();
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (isStream(request)) {
      const taken = watch(socket, undecided, decideMs);
      enter(instance, { request, socket, head, response: new ServerResponse(request), taken });
    }
    // Nobody else will: on the second address of "localhost" Fastify's other server asks no callback.
    else if (server.listenerCount('upgrade') === 1) socket.destroy();
  });
}

/** Node 24.9's, for which there are no types on a server yet. */
type UpgradingServer = Server & { shouldUpgradeCallback?: (request: IncomingMessage) => boolean };

/**
 * An answer to an earlier request is not out yet. In one packet, `GET /x` and a WebSocket behind it once ended the process:
 * the socket belongs to that answer. Such a request is an ordinary one, whose turn comes, and is answered 426.
 */
function isBusy(socket: Duplex): boolean {
  return Boolean(Reflect.get(socket, '_httpMessage'));
}

/** The answer: it is in good hands. */
function watch(socket: Duplex, undecided: Set<Duplex>, decideMs: number): () => void {
  undecided.add(socket);
  const timer = setTimeout(() => socket.destroy(), decideMs).unref();
  const decided = () => {
    clearTimeout(timer);
    undecided.delete(socket);
  };
  socket.once('close', decided);
  return decided;
}

function enter(instance: FastifyInstance, upgrade: Upgrade): void {
  const { request, socket, response } = upgrade;
  upgrades.set(request, upgrade);
  // Whatever becomes of the connection is seen by who takes it; until then nobody listens.
  socket.on('error', () => socket.destroy());
  // Asked here too: the callback is not, for Fastify's other server.
  if (isBusy(socket)) return void socket.destroy();
  try {
    response.shouldKeepAlive = false;
    response.assignSocket(socket as never);
    // A peer that does not close its side would keep the connection, and the server from closing, for ever.
    response.once('finish', () => (socket as Socket).destroySoon());
    instance.routing(request, response);
  } catch {
    // An exception in here would be nobody's, and the end of the process.
    socket.destroy();
  }
}
