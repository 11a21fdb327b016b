import type { JsonValue } from '@longhaul/kernel';
import type { Connection, PoolClient } from 'pg';
import type { CappedRows } from '../capped-rows';
import { parserFor } from './json-types';

interface Protocol {
  describe(message: { type: 'P'; name: string }): void;
  execute(message: { portal: string; rows: number }): void;
  sync(): void;
}

/**
 * The rows of a cursor, taken from its portal as they come: FETCH would collect all that it asks for at the server
 * first, gigabytes where the cells are large. The methods are those that the driver calls on a query of its own.
 */
export class CursorReader {
  columns: string[] = [];
  private parsers: ((text: string) => unknown)[] = [];
  private resolve: () => void = () => undefined;
  private reject: (reason: Error) => void = () => undefined;

  constructor(
    private readonly cursor: string,
    private readonly rows: CappedRows,
    private readonly maxRows: number,
  ) {}

  /** Resolves when as many rows as are wanted have come, or all. */
  readOn(client: PoolClient): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
      client.query(this);
    });
  }

  submit(connection: Connection): void {
    const protocol = connection as unknown as Protocol;
    protocol.describe({ type: 'P', name: this.cursor });
    // One more than wanted tells whether there are more.
    protocol.execute({ portal: this.cursor, rows: this.maxRows + 1 });
    protocol.sync();
  }

  handleRowDescription({ fields }: { fields: { name: string; dataTypeID: number }[] }): void {
    this.columns = fields.map(({ name }) => name);
    this.parsers = fields.map(({ dataTypeID }) => parserFor(dataTypeID));
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    this.rows.add(fields.map((text, index) => (text === null ? null : (this.parsers[index]?.(text) as JsonValue))));
  }

  handleReadyForQuery(): void {
    this.resolve();
  }

  handleError(error: Error): void {
    this.reject(error);
  }

  handleCommandComplete(): void {
    // What follows is ReadyForQuery.
  }

  handlePortalSuspended(): void {
    // Likewise: nobody asks for the rest.
  }
}
