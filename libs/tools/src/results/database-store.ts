import type { Database } from '@longhaul/database';

const MAX_ROWS = 10_000;
const SWEEP_MS = 60_000;

/** Where Keyv keeps answers: one table, the same for all workers. Bounded: what ends first goes first. */
export class DatabaseStore {
  private sweptAt = -Infinity;

  constructor(
    private readonly database: Database,
    private readonly maxRows = MAX_ROWS,
  ) {}

  async get(key: string): Promise<string | undefined> {
    const { now } = this.database.dialect;
    const sql = `SELECT value FROM tool_results WHERE id = $1 AND expires_at > ${now}`;
    const value = (await this.database.read(sql, [key]))[0]?.['value'];
    return typeof value === 'string' ? value : undefined;
  }

  async set(key: string, value: string, ttlMs = 0): Promise<boolean> {
    const { now } = this.database.dialect;
    await this.database.run(
      `INSERT INTO tool_results (id, value, expires_at) VALUES ($1, $2, ${now} + $3)
       ON CONFLICT (id) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at`,
      [key, value, Math.ceil(ttlMs)],
    );
    if (performance.now() - this.sweptAt > SWEEP_MS) await this.sweep();
    return true;
  }

  async delete(key: string): Promise<boolean> {
    return (await this.database.run('DELETE FROM tool_results WHERE id = $1 RETURNING id', [key])).length > 0;
  }

  async clear(): Promise<void> {
    await this.database.run('DELETE FROM tool_results');
  }

  /** Answers whose time is over, and those beyond the bound. */
  async sweep(): Promise<void> {
    this.sweptAt = performance.now();
    await this.database.run(`DELETE FROM tool_results WHERE expires_at <= ${this.database.dialect.now}`);
    await this.database.run(
      `DELETE FROM tool_results WHERE id IN (SELECT id FROM tool_results ORDER BY expires_at DESC, id LIMIT 500 OFFSET $1)`,
      [this.maxRows],
    );
  }
}
