import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { openReadOnlyDatabase, type ReadOnlyDatabase } from '@longhaul/database';
import { PermanentError } from '@longhaul/kernel';
import type { Tool, ToolDefinition } from '../../tool';
import { TOOLS_OPTIONS, type ToolsModuleOptions } from '../../tools-options';
import { ToolKind } from '../tool-kind';
import { fixedQuery, writtenQuery } from './bound-query';
import { sqlFormat } from './sql-format';
import type { SqlToolOptions } from './sql-schema';

/** Queries of one database at once, of all tools of this process. */
const POOL_SIZE = 4;
const DEFAULT_ROWS = 200;
/** Room for the names of the columns and for what was left out. */
const FRAME_CHARS = 500;
/** The query ends before the call does, so that the model is told why. */
const SHARE_OF_CALL = 0.9;

/** Asks a database on a model's behalf: see `ReadOnlyDatabase` for what it cannot do. */
@Injectable()
export class SqlToolKind extends ToolKind<SqlToolOptions> implements OnApplicationShutdown {
  readonly format = sqlFormat;
  private readonly databases = new Map<string, ReadOnlyDatabase>();

  constructor(@Inject(TOOLS_OPTIONS) private readonly options: ToolsModuleOptions) {
    super();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.databases.values()].map((database) => database.close()));
  }

  create(own: SqlToolOptions, { parameters, timeoutMs, maxResultChars }: ToolDefinition): Tool['run'] {
    const { query, max_rows: maxRows = DEFAULT_ROWS, timeout_s: timeoutS } = own;
    const limits = {
      maxRows,
      // Whole rows instead of a text that is cut in the middle of one.
      maxBytes: Math.max(FRAME_CHARS, maxResultChars - FRAME_CHARS),
      timeoutMs: Math.min(timeoutS === undefined ? Infinity : timeoutS * 1_000, timeoutMs * SHARE_OF_CALL),
    };
    return async (args, { signal }) => {
      const bound = query === undefined ? writtenQuery(args) : fixedQuery(query, args, parameters);
      const { columns, rows, cut } = await this.open(own.url).query({ ...bound, ...limits, signal });
      return {
        columns: [...columns],
        rows: rows.map((row) => [...row]),
        ...(cut === null ? {} : { cut }),
      };
    };
  }

  /** Tools of one database share its connections. */
  private open(url: string): ReadOnlyDatabase {
    const expanded = this.options.expand(url);
    if ('message' in expanded) throw new PermanentError(`sql.url: ${expanded.message}`, { code: 'tool_unavailable' });
    const known = this.databases.get(expanded.value);
    if (known) return known;
    const opened = openReadOnlyDatabase(expanded.value, { poolSize: POOL_SIZE, folder: this.options.workspace });
    this.databases.set(expanded.value, opened);
    return opened;
  }
}
