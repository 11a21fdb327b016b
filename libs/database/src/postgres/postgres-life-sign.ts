import { randomBytes } from 'node:crypto';
import { Client, type ClientConfig } from 'pg';
import { LifeSign, type LifeSignEvents } from '../life-sign';
import type { Row, SqlValue } from '../row';

/** Others take a worker for dead when its lock is free for a second: this is before. */
const RETAKE_WITHIN_MS = 500;
const RETAKE_PAUSE_MS = 50;
/** Nobody listens, or the server says that it shuts down or starts up: then nobody else can look for the lock either. */
const SERVER_IS_AWAY = new Set(['ECONNREFUSED', '57P01', '57P02', '57P03']);

/**
 * An advisory lock on a connection of its own: the server frees it when the process ends, however it ends. When the
 * connection is lost while the process lives, the lock is taken again within half a second of the server being there,
 * or is lost for good.
 */
export class PostgresLifeSign extends LifeSign {
  /** The lock's key: 64 random bits, so that it is nobody else's. */
  readonly mark = randomBytes(8).readBigInt64BE().toString();
  private client: Client | undefined;
  private closed = false;
  private giveUp: NodeJS.Timeout | undefined;

  private constructor(
    private readonly config: ClientConfig,
    private readonly events: LifeSignEvents,
  ) {
    super();
  }

  static async show(config: ClientConfig, events: LifeSignEvents): Promise<PostgresLifeSign> {
    const sign = new PostgresLifeSign(config, events);
    await sign.take();
    return sign;
  }

  async run(sql: string, params: readonly SqlValue[] = []): Promise<Row[]> {
    const { client } = this;
    if (!client) throw new Error('the session that shows that this process lives is lost, and is being made anew');
    try {
      return (await client.query<Row>(sql, [...params])).rows;
    } catch (error) {
      // No answer from the server: whatever this connection still does, it shows no life.
      if (!isAnswer(error)) this.lose(client, String(error));
      throw error;
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.giveUp);
    const { client } = this;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }

  private async take(): Promise<void> {
    const client = new Client(this.config);
    let ended = false;
    client.on('error', () => undefined);
    client.on('end', () => {
      ended = true;
      this.lose(client, 'its connection was closed');
    });
    try {
      await client.connect();
      // Not waiting for it: a session of ours that the server still takes for alive may have it for hours.
      const { rows } = await client.query<Row>('SELECT pg_try_advisory_lock($1) AS taken', [this.mark]);
      if (ended || this.closed || rows[0]?.taken !== true) throw new Error('its lock is still held elsewhere');
    } catch (error) {
      void client.end().catch(() => undefined);
      throw error;
    }
    this.client = client;
  }

  private lose(client: Client, reason: string): void {
    if (this.client !== client) return;
    this.client = undefined;
    void client.end().catch(() => undefined);
    if (!this.closed) void this.takeAgain(reason);
  }

  private async takeAgain(reason: string): Promise<void> {
    let why = reason;
    const arm = () => {
      clearTimeout(this.giveUp);
      this.giveUp = setTimeout(() => {
        this.closed = true;
        this.events.onLost(why);
      }, RETAKE_WITHIN_MS);
    };
    arm();
    while (!this.closed) {
      try {
        await this.take();
        clearTimeout(this.giveUp);
        this.events.onRestored();
        return;
      } catch (error) {
        why = String(error);
        if (!this.closed && SERVER_IS_AWAY.has((error as { code?: string }).code ?? '')) arm();
        await new Promise((resolve) => setTimeout(resolve, RETAKE_PAUSE_MS));
      }
    }
  }
}

/** Whether the server itself refused the statement. */
function isAnswer(error: unknown): boolean {
  return /^[0-9A-Z]{5}$/.test((error as { code?: string } | null)?.code ?? '');
}
