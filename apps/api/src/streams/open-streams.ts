import { finished } from 'node:stream';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { type GatewayConfig, InjectGatewayConfig } from '@longhaul/config';
import { Metrics } from '@longhaul/telemetry';
import type { FastifyReply } from 'fastify';
import { StreamSlots } from '../limits/stream-slots';
import { EventStream, type OpenPages } from './event-stream';

/** How long a reader may take for what is on its way, when the process stops. */
const LAST_WORD_MS = 2_000;

/** The server-sent streams of this process: one heartbeat for all, and their end before the server closes. */
@Injectable()
export class OpenStreams implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(OpenStreams.name);
  private readonly open = new Map<EventStream, FastifyReply>();
  private heartbeat: NodeJS.Timeout | undefined;
  private allClosed: () => void = () => undefined;
  private stopped = false;

  constructor(
    @InjectGatewayConfig() private readonly config: GatewayConfig,
    private readonly slots: StreamSlots,
    private readonly metrics: Metrics,
  ) {}

  onApplicationBootstrap(): void {
    this.metrics.beforeScrape(() => this.metrics.set('streams', { transport: 'sse' }, this.open.size));
    this.heartbeat = setInterval(() => {
      for (const stream of this.open.keys()) stream.beat();
    }, this.config.server.streams.heartbeatS * 1_000).unref();
  }

  /** Answers with a stream, which holds a place of its owner's until it is closed. Throws `too_many_streams`. */
  send(reply: FastifyReply, owner: string, live: boolean, pages: OpenPages): void {
    const giveBack = this.slots.take(owner);
    const stream = new EventStream(pages, live);
    this.open.set(stream, reply);
    // Of the response and not of the stream: its last piece may wait for the reader for ever.
    finished(reply.raw, () => {
      giveBack();
      this.open.delete(stream);
      stream.destroy();
      if (this.open.size === 0) this.allClosed();
    });
    reply.headers({ 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' });
    reply.type('text/event-stream; charset=utf-8').send(stream);
    if (this.stopped) stream.leave();
  }

  /** After the drain, whose last events are still told; a server that closes waits for its connections. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.heartbeat);
    if (this.open.size === 0) return;
    const closed = new Promise<void>((resolve) => (this.allClosed = resolve));
    for (const stream of this.open.keys()) stream.leave();
    const timer = setTimeout(() => this.cut(), LAST_WORD_MS);
    await closed;
    clearTimeout(timer);
  }

  private cut(): void {
    this.logger.warn(`${this.open.size} streams whose readers take nothing are cut`);
    for (const { raw } of this.open.values()) raw.destroy();
  }
}
