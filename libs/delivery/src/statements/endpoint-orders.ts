import type { Dialect, Statement } from '@longhaul/database';

/** An execution's event that registered endpoints may have asked for. */
export interface EndpointEvent {
  /** A fresh id of a delivery: each endpoint's own is made of it and of the endpoint's. */
  seedId: string;
  executionId: string;
  owner: string;
  agent: string;
  event: string;
}

export const WEBHOOK_CHANNEL = 'webhook';

/**
 * Orders a delivery to each registered endpoint that asked for such an event; answers as `insertOrders` does. Its id is
 * the seed's time, the seed's tail and the endpoint's tail, so that one statement does for any number of endpoints.
 */
export function insertEndpointOrders(
  dialect: Dialect,
  events: readonly EndpointEvent[],
  patienceMs: number,
): Statement {
  const columns = { seed: 'text', execution_id: 'text', owner: 'text', agent: 'text', event: 'text' } as const;
  const rows = events
    .map(({ seedId: seed, executionId: execution_id, owner, agent, event }) => {
      return { seed, execution_id, owner, agent, event };
    })
    .sort((a, b) => (a.execution_id < b.execution_id ? -1 : 1));
  return {
    sql: `INSERT INTO deliveries (id, owner, execution_id, subject, event, agent, channel, target, target_key, lane,
            source, status, attempt, attempts_before, due_at, give_up_at, created_at)
          SELECT substr(x.seed, 1, 14) || substr(x.seed, 23, 8) || substr(e.id, 23, 8), x.owner, x.execution_id,
            x.execution_id, x.event, x.agent, '${WEBHOOK_CHANNEL}', e.id, e.id, e.host,
            'client', 'pending', 0, 0, ${dialect.now}, ${dialect.now} + $2, ${dialect.now}
          FROM ${dialect.recordset('x', columns, '$1')}
          JOIN webhook_endpoints e ON e.owner = x.owner AND e.enabled = true
            AND ${dialect.contains('e.events', `(',' || x.event || ',')`)}
            AND (e.agents = '' OR ${dialect.contains('e.agents', `(',' || x.agent || ',')`)})
          WHERE true
          ON CONFLICT (subject, event, channel, target_key) DO NOTHING RETURNING id, execution_id`,
    params: [JSON.stringify(rows), patienceMs],
  };
}
