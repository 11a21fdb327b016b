import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '@longhaul/database';
import { LonghaulError } from '@longhaul/kernel';
import { Metrics } from '@longhaul/telemetry';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Caller } from '../auth/caller';
import { StreamSlots } from '../limits/stream-slots';
import { meantError, unmeantError } from '../problems/known-error';
import type { Upgrade } from './accept-upgrades';
import { Heartbeat } from './heartbeat';
import { StreamConnection, type Visitor } from './stream-connection';
import { StreamSources } from './stream-sources';

const MAX_MESSAGE_BYTES = 65_536;
const PING_MS = 30_000;
/** How long a peer may take to say goodbye. */
const CLOSE_MS = 2_000;
/** When clients come back after a shutdown; not all in the same moment. */
const RETRY_MS = [250, 2_000] as const;
const GOING_AWAY = 1001;

type Guest = Omit<Visitor, 'admit'>;

/** The WebSockets of this process. */
@Injectable()
export class StreamSockets implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(StreamSockets.name);
  private readonly server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    closeTimeout: CLOSE_MS,
  } as object);
  private readonly heartbeat = new Heartbeat(PING_MS);
  private readonly open = new Map<WebSocket, StreamConnection>();
  private stopping = false;
  private allClosed: () => void = () => undefined;

  constructor(
    private readonly sources: StreamSources,
    private readonly slots: StreamSlots,
    private readonly database: Database,
    private readonly metrics: Metrics,
  ) {}

  onApplicationBootstrap(): void {
    this.metrics.beforeScrape(() => this.metrics.set('streams', { transport: 'websocket' }, this.open.size));
  }

  /**
   * Takes a place of the caller's, or of the address until it is known who calls, and completes the handshake; a wrong
   * one is answered 400. Throws `too_many_streams`, or `unavailable` while the process stops.
   */
  accept({ request, socket, head, response, taken }: Upgrade, { caller, login }: Guest, address: string): void {
    if (this.stopping) {
      throw new LonghaulError('unavailable', 'this process stops: connect again', { retryable: true });
    }
    let giveBack = this.slots.take(caller?.owner ?? `address ${address}`);
    const admit = ({ owner }: Caller) => {
      if (caller) return;
      // It was cut meanwhile: nothing would give his place back.
      if (socket.destroyed) throw new LonghaulError('unavailable', 'the connection is gone', { retryable: true });
      giveBack();
      try {
        giveBack = this.slots.take(owner);
      } catch (error) {
        giveBack = this.slots.take(`address ${address}`);
        throw error;
      }
    };
    response.detachSocket(socket as never);
    if (socket.destroyed) return giveBack();
    socket.once('close', () => giveBack());
    this.server.handleUpgrade(request, socket, head, (opened) => {
      taken();
      this.begin(opened, { caller, login, admit });
    });
  }

  /** After the drain, whose last events are still told; a server that closes waits for its connections. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    if (this.open.size === 0) return;
    const closed = new Promise<void>((resolve) => (this.allClosed = resolve));
    const [from, to] = RETRY_MS;
    for (const [socket, { outbox }] of this.open) {
      outbox.send({ type: 'closing', retry_ms: Math.round(from + Math.random() * (to - from)) });
      socket.close(GOING_AWAY, 'the process stops: connect again');
    }
    const timer = setTimeout(() => this.cut(), CLOSE_MS);
    await closed;
    clearTimeout(timer);
  }

  private begin(socket: WebSocket, visitor: Visitor): void {
    // A frame that breaks the rules: ws closes the connection with the code for it.
    socket.on('error', () => undefined);
    const connection = new StreamConnection(socket, visitor, this.sources, (thrown) => this.toError(thrown));
    this.open.set(socket, connection);
    this.heartbeat.watch(socket, () => connection.outbox.taken);
    socket.once('close', () => {
      this.open.delete(socket);
      if (this.open.size === 0) this.allClosed();
    });
  }

  private async toError(thrown: unknown): Promise<LonghaulError> {
    const meant = meantError(thrown);
    if (meant) return meant;
    this.logger.error(String(thrown), thrown instanceof Error ? thrown.stack : undefined);
    return unmeantError(thrown, this.database);
  }

  private cut(): void {
    this.logger.warn(`${this.open.size} WebSockets whose peers do not say goodbye are cut`);
    for (const socket of this.open.keys()) socket.terminate();
  }
}
