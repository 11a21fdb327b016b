import { Injectable } from '@nestjs/common';
import { Database, type Write } from '@longhaul/database';
import type { ToolDefinition } from '../tool';
import { type Mark, takeFrom } from './sliding-window';

export type Permission = { ok: true } | { ok: false; retryAfterMs: number };

/**
 * How often each tool may be called, of all workers together: one row a tool, by the database's clock. A call that was
 * let through counts, whatever becomes of it.
 */
@Injectable()
export class ToolLimits {
  constructor(private readonly database: Database) {}

  /** Takes one call of what `rateLimit` allows; a tool without one may always be called. */
  async take({ name, rateLimit }: Pick<ToolDefinition, 'name' | 'rateLimit'>): Promise<Permission> {
    if (rateLimit === undefined) return { ok: true };
    const { now } = this.database.dialect;
    return this.database.write(function* (): Write<Permission> {
      // The row is held from here to the commit: whoever comes next sees what was taken.
      const [row] = yield {
        sql: `INSERT INTO tool_limits (tool, marks, asked_at) VALUES ($1, '[]', ${now})
              ON CONFLICT (tool) DO UPDATE SET asked_at = ${now} RETURNING marks, asked_at`,
        params: [name],
      };
      const marks = JSON.parse(row?.['marks'] as string) as Mark[];
      const taken = takeFrom(marks, rateLimit, Number(row?.['asked_at']));
      if (!taken.ok) return taken;
      const params = [name, JSON.stringify(taken.marks)];
      yield { sql: 'UPDATE tool_limits SET marks = $2 WHERE tool = $1', params, silent: true };
      return { ok: true };
    });
  }
}
