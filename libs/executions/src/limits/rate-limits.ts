import { Injectable } from '@nestjs/common';
import type { Rate } from '@longhaul/config';
import { Database, type Write } from '@longhaul/database';
import { type Mark, waitFor, withTaken } from './sliding-window';

/**
 * How much may be taken of something in a time, by all workers together: one row for each name, by the database's
 * clock. What was taken counts, whatever becomes of it.
 */
@Injectable()
export class RateLimits {
  constructor(private readonly database: Database) {}

  /** Takes one, and answers 0; or takes nothing, and answers in how many milliseconds to ask again. */
  take(name: string, rate: Rate): Promise<number> {
    return this.change(name, (marks, at) => {
      const waitMs = waitFor(marks, rate, at);
      return { waitMs, marks: waitMs === 0 ? withTaken(marks, rate, at, 1) : null };
    });
  }

  /** Whether there is room, for what is charged when it is known: 0, or in how many milliseconds there may be. */
  async wait(name: string, rate: Rate): Promise<number> {
    const sql = `SELECT marks, ${this.database.dialect.now} AS at FROM rate_limits WHERE name = $1`;
    const [row] = await this.database.read(sql, [name]);
    return row ? waitFor(JSON.parse(row['marks'] as string) as Mark[], rate, Number(row['at'])) : 0;
  }

  /** Takes so much, whether there is room or not: what is too much is waited for by those who come next. */
  async charge(name: string, rate: Rate, amount: number): Promise<void> {
    await this.change(name, (marks, at) => ({ waitMs: 0, marks: withTaken(marks, rate, at, amount) }));
  }

  private change(
    name: string,
    decide: (marks: Mark[], at: number) => { waitMs: number; marks: Mark[] | null },
  ): Promise<number> {
    const { now } = this.database.dialect;
    return this.database.write(function* (): Write<number> {
      // The row is held from here to the commit: whoever comes next sees what was taken.
      const [row] = yield {
        sql: `INSERT INTO rate_limits (name, marks, asked_at) VALUES ($1, '[]', ${now})
              ON CONFLICT (name) DO UPDATE SET asked_at = ${now} RETURNING marks, asked_at`,
        params: [name],
      };
      const { waitMs, marks } = decide(JSON.parse(row?.['marks'] as string) as Mark[], Number(row?.['asked_at']));
      if (marks) {
        const params = [name, JSON.stringify(marks)];
        yield { sql: 'UPDATE rate_limits SET marks = $2 WHERE name = $1', params, silent: true };
      }
      return waitMs;
    });
  }
}
