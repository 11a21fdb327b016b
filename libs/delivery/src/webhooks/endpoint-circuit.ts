import { Inject, Injectable, Logger } from '@nestjs/common';
import { Database, type Row } from '@longhaul/database';
import { DELIVERY_OPTIONS, type DeliveryOptions } from '../delivery-options';
import { callBacklog, putOffBacklog } from '../statements/endpoint-backlog';
import type { CallableEndpoint } from './endpoint-statements';

/** An endpoint that has just been left alone. */
export interface OpenCircuit {
  id: string;
  owner: string;
  host: string;
  /** In a row. */
  failures: number;
  openMs: number;
  /** Milliseconds since 1970, by the database's clock. */
  until: number;
}

/**
 * Leaves an endpoint alone that has failed too often in a row. Its state is in the endpoint's row, so all workers share
 * it: closed, open until a moment, and from then on half open, when one delivery may try and the others wait for it.
 */
@Injectable()
export class EndpointCircuit {
  private readonly logger = new Logger('Webhooks');
  private listener: (circuit: OpenCircuit) => Promise<void> = () => Promise.resolve();

  constructor(
    private readonly database: Database,
    @Inject(DELIVERY_OPTIONS) private readonly options: DeliveryOptions,
  ) {}

  /** Who is told, by the worker that saw it, each time that a circuit opens; one alone. */
  whenOpened(listener: (circuit: OpenCircuit) => Promise<void>): void {
    this.listener = listener;
  }

  /** Null: it may be called now. Else so many milliseconds from now somebody may try, and all else that is due waits too. */
  async waitMs({ row, openForMs }: CallableEndpoint): Promise<number | null> {
    if (openForMs === null) return null;
    if (openForMs > 0) {
      await putOffBacklog(this.database, row.id as string, openForMs);
      return openForMs;
    }
    const { openMs } = this.options.circuit;
    const won = await this.database.run(
      `UPDATE webhook_endpoints SET open_until = ${this.database.dialect.now} + $3 WHERE id = $1 AND open_until = $2
       RETURNING id`,
      [row.id as string, Number(row.open_until), openMs],
    );
    return won.length > 0 ? null : openMs;
  }

  /** Costs a statement only where something had failed before. */
  async succeeded({ row, openForMs }: CallableEndpoint): Promise<void> {
    if (Number(row.failures) === 0 && openForMs === null) return;
    await this.database.run('UPDATE webhook_endpoints SET failures = 0, open_until = NULL WHERE id = $1', [
      row.id as string,
    ]);
    if (openForMs === null) return;
    this.logger.log(`${nameOf(row)} answers again: its circuit is closed`);
    await callBacklog(this.database, row.id as string, this.options.circuit.openMs);
  }

  async failed({ row, openForMs }: CallableEndpoint): Promise<void> {
    const { failures, openMs } = this.options.circuit;
    const [after] = await this.database.run(
      `UPDATE webhook_endpoints
       SET failures = failures + 1,
           open_until = CASE WHEN failures + 1 >= $2 THEN ${this.database.dialect.now} + $3 ELSE open_until END
       WHERE id = $1 RETURNING failures, open_until`,
      [row.id as string, failures, openMs],
    );
    if (openForMs === null && Number(after?.failures) === failures) {
      this.logger.warn(
        `${nameOf(row)} has failed ${failures} times in a row: nothing is sent to it for ${openMs / 1_000} s`,
      );
      const { id, owner, url } = row as { id: string; owner: string; url: string };
      await this.opened({ id, owner, host: new URL(url).host, failures, openMs, until: Number(after?.open_until) });
    }
  }

  /** What goes wrong there is nothing to the delivery that was tried. */
  private async opened(circuit: OpenCircuit): Promise<void> {
    try {
      await this.listener(circuit);
    } catch (error) {
      this.logger.error(`nobody is told that the circuit of ${circuit.id} has opened: ${String(error)}`);
    }
  }

  /** For good, until somebody enables it again. */
  async disable({ row }: CallableEndpoint, reason: string): Promise<void> {
    const { now } = this.database.dialect;
    await this.database.run(
      `UPDATE webhook_endpoints SET enabled = false, disabled_reason = $2, updated_at = ${now} WHERE id = $1`,
      [row.id as string, reason],
    );
    this.logger.warn(`${nameOf(row)} is disabled: ${reason}`);
  }
}

function nameOf(row: Row): string {
  return `webhook endpoint ${String(row.id)} of ${String(row.owner)} (${new URL(String(row.url)).host})`;
}
