import { existsSync } from 'node:fs';
import { Turns } from '@longhaul/kernel';
import { invalidQuery, refusedQuery, unavailable } from '../query-errors';
import { type ReadOnlyAnswer, ReadOnlyDatabase, type ReadOnlyQuery } from '../read-only-database';
import { refusedByText } from '../refused-by-text';
import { SqliteReader } from './sqlite-reader';

/** The state of the file, and not the text, is what is wrong. */
const UNAVAILABLE = /^SQLITE_(?:BUSY|LOCKED|IOERR|CANTOPEN|CORRUPT|NOTADB|FULL|PROTOCOL)/;

/**
 * Only reads, by two things that each suffice: the file is opened for reading (and `query_only`), and a statement runs
 * only if it answers rows and the library says that it only reads; ATTACH, VACUUM INTO and PRAGMAs answer none or are
 * none of the words that are let through. It runs in a process of its own, which is killed at the time limit.
 */
export class SqliteReadOnlyDatabase extends ReadOnlyDatabase {
  private readonly turns: Turns;
  private readonly readers: SqliteReader[] = [];
  private readonly busy = new Set<SqliteReader>();

  constructor(
    private readonly path: string,
    poolSize: number,
  ) {
    super();
    this.turns = new Turns(poolSize);
  }

  async query({ sql, params, maxRows, maxBytes, timeoutMs, signal }: ReadOnlyQuery): Promise<ReadOnlyAnswer> {
    const refusal = refusedByText(sql, 'sqlite');
    if (refusal !== null) throw refusedQuery(refusal);
    const done = await this.turns.take(signal);
    try {
      const reader = this.take();
      const values = params.map((value) => (typeof value === 'boolean' ? Number(value) : value));
      const said = await reader.ask({ sql, params: values, maxRows, maxBytes }, timeoutMs, signal).finally(() => {
        this.busy.delete(reader);
      });
      if (!reader.isGone) this.readers.push(reader);
      if ('refused' in said) throw refusedQuery(`${said.refused}: this tool only reads`);
      if ('failed' in said)
        throw UNAVAILABLE.test(said.code) ? unavailable(said.failed) : invalidQuery(mended(said.failed));
      return said;
    } finally {
      done();
    }
  }

  close(): Promise<void> {
    for (const reader of [...this.readers.splice(0), ...this.busy]) reader.kill();
    return Promise.resolve();
  }

  private take(): SqliteReader {
    if (!existsSync(this.path)) throw unavailable(`there is no file ${this.path}`);
    let reader = this.readers.pop();
    while (reader?.isGone) reader = this.readers.pop();
    reader ??= new SqliteReader(this.path);
    this.busy.add(reader);
    return reader;
  }
}

function mended(message: string): string {
  const hints: [RegExp, string][] = [
    [/more than one statement/, 'only one is run'],
    [
      /^Too few parameter values|^Missing named parameter/,
      'write $1, $2… for the parameters, and give a value for each',
    ],
  ];
  const hint = hints.find(([pattern]) => pattern.test(message))?.[1];
  return hint === undefined ? message : `${message}: ${hint}`;
}
