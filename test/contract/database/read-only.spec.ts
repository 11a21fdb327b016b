import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openReadOnlyDatabase, type ReadOnlyDatabase, type SqlValue } from '@longhaul/database';
import BetterSqlite3 from 'better-sqlite3';
import { Client } from 'pg';
import { eventually } from '../../support/eventually';
import { describeWithPostgres, freshDatabase, uniqueName } from '../../support/servers';

const ROWS = `
  CREATE TABLE people (id integer PRIMARY KEY, name text, score double precision);
  INSERT INTO people VALUES (1, 'Ada', 1.5), (2, 'Grace', NULL), (3, 'Mary; DROP TABLE people; --', 3);
`;
const ALL = [
  [1, 'Ada', 1.5],
  [2, 'Grace', null],
  [3, 'Mary; DROP TABLE people; --', 3],
];

interface Fixture {
  database: ReadOnlyDatabase;
  /** Everything in it, read by somebody else. */
  content(): Promise<unknown>;
}

function ask(
  database: ReadOnlyDatabase,
  sql: string,
  more: { params?: SqlValue[]; timeoutMs?: number; maxRows?: number; signal?: AbortSignal } = {},
) {
  return database.query({ sql, params: [], maxRows: 100, maxBytes: 262_144, timeoutMs: 10_000, ...more });
}

const INVALID = { name: 'PermanentError', code: 'invalid_input', retryable: false };

/** What each database must refuse, and what it says. */
const HOSTILE: [string, RegExp][] = [
  ['', /the query is empty: write one SELECT/],
  [' -- nothing \n/* at all */ ', /the query is empty/],
  ["INSERT INTO people VALUES (9, 'x', 1)", /INSERT is not allowed: this tool only reads/],
  ["/**/ insert INTO people VALUES (9, 'x', 1)", /INSERT is not allowed/],
  ['-- SELECT\nDELETE FROM people', /DELETE is not allowed/],
  ['UPDATE people SET name = NULL', /UPDATE is not allowed/],
  ['DROP TABLE people', /DROP is not allowed/],
  ['SELECT 1; DROP TABLE people', /only one statement is run: leave out what follows the ;/],
  ["SELECT ';' ; DROP TABLE people; --", /only one statement/],
  ['SELECT 1 -- ;\n; DELETE FROM people', /only one statement/],
  ['SELECT 1 /* ; */; DELETE FROM people', /only one statement/],
  ['SELECT 1; SELECT 2', /only one statement/],
  ['SET default_transaction_read_only=off; DELETE FROM people', /only one statement/],
  ['SET default_transaction_read_only = off', /SET is not allowed/],
  ['BEGIN', /BEGIN is not allowed/],
  ['COMMIT', /COMMIT is not allowed/],
  ['CREATE TEMP TABLE x (a int)', /CREATE is not allowed/],
  ['EXPLAIN ANALYZE DELETE FROM people', /EXPLAIN is not allowed/],
  ['WITH x AS (DELETE FROM people RETURNING *) SELECT * FROM x', /the query failed|refused/],
  ["WITH x AS (SELECT 1) INSERT INTO people SELECT 9, 'x', 1 RETURNING *", /the query failed|refused/],
  ["SELECT 'open", /does not end: close it/],
  ['SELECT 1 /* open', /does not end/],
  ['SELECT 1\0; DROP TABLE people', /NUL character/],
  [`SELECT '${'x'.repeat(70_000)}'`, /longer than 65536 characters/],
  ['SELECT * FROM nowhere', /the query failed: .*nowhere/],
  ['SELEC 1', /SELEC is not allowed/],
];

const ENDLESS = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c';

function contract(get: () => Fixture): void {
  let before: unknown;
  beforeAll(async () => {
    before = await get().content();
  });
  afterEach(async () => expect(await get().content()).toEqual(before));

  it('answers columns and rows', async () => {
    const answer = await ask(get().database, 'SELECT id, name, score FROM people ORDER BY id;');
    expect(answer).toEqual({ columns: ['id', 'name', 'score'], rows: ALL, cut: null });
    expect(await ask(get().database, 'SELECT id FROM people WHERE id > 5')).toEqual({
      columns: ['id'],
      rows: [],
      cut: null,
    });
  });

  it('binds parameters, and never reads them as SQL', async () => {
    const name = 'Mary; DROP TABLE people; --';
    const sql = 'SELECT id FROM people WHERE name = $1 OR id = $2 ORDER BY id';
    expect((await ask(get().database, sql, { params: [name, 1] })).rows).toEqual([[1], [3]]);
    await expect(ask(get().database, sql, { params: [name] })).rejects.toMatchObject(INVALID);
  });

  it('keeps two columns of one name apart, and integers that no number holds', async () => {
    const answer = await ask(get().database, 'SELECT 1 AS a, 9007199254740993 AS a');
    expect(answer).toMatchObject({ columns: ['a', 'a'], rows: [[1, '9007199254740993']] });
  });

  it.each(HOSTILE)('refuses %j', async (sql, message) => {
    const error: unknown = await ask(get().database, sql).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ ...INVALID, message: expect.stringMatching(message) as string });
  });

  it('lets names and texts be that hold forbidden words', async () => {
    const answer = await ask(get().database, `SELECT 'it''s; DROP', 1 AS "delete; x" /* INSERT; */ -- ; UPDATE`);
    expect(answer).toMatchObject({ columns: [expect.any(String), 'delete; x'], rows: [["it's; DROP", 1]] });
  });

  it('cuts a million rows to as many as are wanted, and says so', async () => {
    const million = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 1000000) SELECT x FROM c';
    const answer = await ask(get().database, million, { maxRows: 250, timeoutMs: 60_000 });
    expect(answer.rows).toHaveLength(250);
    expect(answer.cut).toBe('only the first 250 rows are here: there are more');
    expect((await ask(get().database, 'SELECT id FROM people', { maxRows: 3 })).cut).toBeNull();
  });

  it('stops an endless query at its time limit, and takes the next', async () => {
    const slow = ask(get().database, ENDLESS, { timeoutMs: 400 });
    await expect(slow).rejects.toMatchObject({
      name: 'PermanentError',
      code: 'timeout',
      message: expect.stringMatching(/longer than 0.4 s and was stopped/) as string,
    });
    expect((await ask(get().database, 'SELECT 1')).rows).toEqual([[1]]);
  });

  it('stops at once when nobody wants the answer any more', async () => {
    const stop = new AbortController();
    const slow = ask(get().database, ENDLESS, { timeoutMs: 60_000, signal: stop.signal });
    setTimeout(() => stop.abort(new Error('cancelled by its owner')), 200);
    await expect(slow).rejects.toThrow('cancelled by its owner');
    expect((await ask(get().database, 'SELECT 1')).rows).toEqual([[1]]);
  });

  it('holds nobody up while many ask', async () => {
    let ticks = 0;
    const ticking = setInterval(() => (ticks += 1), 10);
    const slow = ask(get().database, ENDLESS, { timeoutMs: 600 }).catch(() => 'stopped');
    const many = Array.from({ length: 8 }, (_, n) =>
      ask(get().database, 'SELECT $1 || $2', { params: ['n', String(n)] }),
    );
    expect((await Promise.all(many)).map(({ rows }) => rows[0]?.[0])).toEqual(many.map((_, n) => `n${n}`));
    expect(await slow).toBe('stopped');
    clearInterval(ticking);
    expect(ticks).toBeGreaterThan(10);
  });
}

describe('ReadOnlyDatabase (sqlite)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-read-'));
  const path = join(folder, 'people.db');
  let database: ReadOnlyDatabase;
  beforeAll(() => {
    const made = new BetterSqlite3(path);
    made.pragma('journal_mode = WAL');
    made.exec(ROWS);
    made.close();
    database = openReadOnlyDatabase('sqlite:people.db', { poolSize: 2, folder });
  });
  afterAll(async () => {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  contract(() => ({
    database,
    content: () => {
      const other = new BetterSqlite3(path);
      const rows = other.prepare('SELECT * FROM people ORDER BY id').all();
      const schema = other.prepare('SELECT * FROM sqlite_master').all();
      other.close();
      return Promise.resolve({ rows, schema, files: readdirSync(folder).filter((name) => !/-(wal|shm)$/.test(name)) });
    },
  }));

  it.each([
    [`ATTACH '${folder}/other.db' AS other`, /ATTACH is not allowed/],
    [`VACUUM INTO '${folder}/copy.db'`, /VACUUM is not allowed/],
    ['PRAGMA writable_schema = 1', /PRAGMA is not allowed/],
    ['PRAGMA journal_mode = DELETE', /PRAGMA is not allowed/],
    ["SELECT load_extension('/tmp/x.so')", /load_extension\(\) is not allowed/],
    [`SELECT "load_extension" /* */ ('/tmp/x.so')`, /load_extension\(\) is not allowed/],
    ["SELECT writefile('x', 'y')", /writefile\(\) is not allowed/],
    ['SELECT /* /* */ 1; */ 2', /only one statement/],
    ['SELECT [a;b] FROM nowhere', /no such table: nowhere/],
    ['SELECT ?', /write \$1, \$2/],
  ])('refuses %s', async (sql, message) => {
    await expect(ask(database, sql)).rejects.toMatchObject({
      ...INVALID,
      message: expect.stringMatching(message) as string,
    });
    expect(existsSync(join(folder, 'other.db')) || existsSync(join(folder, 'copy.db'))).toBe(false);
  });

  it('cuts a cell of 10 MB, and bytes', async () => {
    const answer = await ask(
      database,
      "SELECT printf('%.10000000c', 'x') AS long, x'00ff' AS bytes, zeroblob(1000000) AS blob",
    );
    expect(answer.rows[0]?.[0]).toMatch(/^x{10000}… \(cut: 10000000 characters\)$/);
    expect(answer.rows[0]?.[1]).toBe('\\x00ff');
    expect(answer.rows[0]?.[2]).toMatch(/^\\x0{8192}… \(cut: 1000000 bytes\)$/);
    expect(answer.cut).toBe('1 cells were cut to 10000 characters');
  });

  it('stops a query that would take all memory', async () => {
    const greedy =
      'WITH RECURSIVE c(x) AS (SELECT randomblob(1000000) UNION ALL SELECT randomblob(1000000) FROM c) SELECT x FROM c ORDER BY x';
    await expect(ask(database, greedy, { timeoutMs: 60_000 })).rejects.toMatchObject({
      message: expect.stringMatching(/memory/) as string,
    });
    expect((await ask(database, 'SELECT 1')).rows).toEqual([[1]]);
  });

  it('sees what others commit while it is open', async () => {
    const other = new BetterSqlite3(path);
    other.exec("INSERT INTO people VALUES (4, 'New', 0)");
    expect((await ask(database, 'SELECT count(*) FROM people')).rows).toEqual([[4]]);
    other.exec('DELETE FROM people WHERE id = 4');
    other.close();
  });

  it('says of a file that is not there, or is no database, that it does not answer', async () => {
    const none = openReadOnlyDatabase(`sqlite://${folder}/none.db`, { poolSize: 1, folder });
    await expect(ask(none, 'SELECT 1')).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    expect(existsSync(join(folder, 'none.db'))).toBe(false);
    const wrong = openReadOnlyDatabase(`sqlite:${__filename}`, { poolSize: 1, folder });
    await expect(ask(wrong, 'SELECT 1 FROM x')).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/not a database/) as string,
    });
    await wrong.close();
    expect(statSync(__filename).size).toBeGreaterThan(0);
  });
});

describeWithPostgres('ReadOnlyDatabase (postgres)', (serverUrl) => {
  let fresh: Awaited<ReturnType<typeof freshDatabase>>;
  let admin: Client;
  let database: ReadOnlyDatabase;
  const role = uniqueName('reader');
  beforeAll(async () => {
    fresh = await freshDatabase(serverUrl());
    admin = new Client({ connectionString: fresh.url });
    await admin.connect();
    await admin.query(ROWS);
    // Even a role that may write cannot do so by this way.
    await admin.query(
      `CREATE ROLE ${role} LOGIN; GRANT ALL ON ALL TABLES IN SCHEMA public TO ${role}; GRANT ALL ON SCHEMA public TO ${role}`,
    );
    const url = new URL(fresh.url);
    url.username = role;
    database = openReadOnlyDatabase(url.href, { poolSize: 2, folder: '' });
  });
  afterAll(async () => {
    await database.close();
    await admin.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    await admin.end();
    await fresh.drop();
  });

  contract(() => ({
    database,
    content: async () => ({
      rows: (await admin.query('SELECT * FROM people ORDER BY id')).rows as unknown[],
      tables: (await admin.query("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1"))
        .rows as unknown[],
    }),
  }));

  it.each([
    ["COPY people TO PROGRAM 'touch /tmp/x'", /COPY is not allowed/],
    ['DO $$ BEGIN DELETE FROM people; END $$', /DO is not allowed/],
    ["--\rCOPY people TO PROGRAM 'touch /tmp/x' --\nSELECT 1", /COPY is not allowed/],
    ['CALL something()', /CALL is not allowed/],
    ["SELECT pg_read_file('/etc/passwd')", /pg_read_file\(\) is not allowed/],
    [`SELECT "pg_read_file"('/etc/passwd')`, /pg_read_file\(\) is not allowed/],
    [`SELECT U&"pg\\005fread_file"('/etc/passwd')`, /U& are not allowed/],
    ["SELECT query_to_xml('DELETE FROM people', true, true, '')", /query_to_xml\(\) is not allowed/],
    ["SELECT set_config('default_transaction_read_only', 'off', false)", /set_config\(\) is not allowed/],
    ["SELECT lo_export(1, '/tmp/x')", /lo_export\(\) is not allowed/],
    ['SELECT pg_terminate_backend(1)', /pg_terminate_backend\(\) is not allowed/],
    ['SELECT pg_advisory_lock(1)', /pg_advisory_lock\(\) is not allowed/],
    ['SELECT * INTO copy FROM people', /the query failed: .*INTO/],
    ['SELECT * FROM people FOR UPDATE', /read-only transaction: this tool only reads/],
    ['SELECT /* /* */ 1; */ 2', /^$/],
    ["SELECT E'\\'; DELETE FROM people; --'", /^$/],
    ['SELECT $x$; DELETE FROM people; $x$', /^$/],
  ])('changes nothing by %s', async (sql, message) => {
    const outcome: unknown = await ask(database, sql).then(
      () => new Error(''),
      (reason: unknown) => reason,
    );
    expect((outcome as Error).message).toMatch(message);
  });

  it('changes nothing by functions that write, whatever they are called', async () => {
    await admin.query(`CREATE FUNCTION innocent() RETURNS int LANGUAGE plpgsql AS $$ BEGIN DELETE FROM people; RETURN 1; END $$;
      CREATE FUNCTION setter() RETURNS text LANGUAGE sql AS $$ SELECT set_config('default_transaction_read_only', 'off', false) $$;
      CREATE FUNCTION locker() RETURNS text LANGUAGE sql AS $$ SELECT pg_advisory_lock(77)::text $$`);
    await expect(ask(database, 'SELECT innocent()')).rejects.toMatchObject({
      ...INVALID,
      message: expect.stringMatching(/read-only transaction/) as string,
    });
    await Promise.all([1, 2, 3, 4].map(() => ask(database, 'SELECT setter()')));
    await ask(database, 'SELECT locker()');
    const shown = await Promise.all(
      [1, 2].map(() => ask(database, "SELECT current_setting('default_transaction_read_only')")),
    );
    expect(shown.map(({ rows }) => rows)).toEqual([[['on']], [['on']]]);
    const { rows } = await admin.query<{ n: number }>(
      "SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND objid = 77",
    );
    expect(rows[0]?.n).toBe(0);
    await admin.query('DROP FUNCTION innocent; DROP FUNCTION setter; DROP FUNCTION locker');
  });

  it('stops pg_sleep(60) at the server, too', async () => {
    await expect(ask(database, 'SELECT pg_sleep(60)', { timeoutMs: 300 })).rejects.toMatchObject({ code: 'timeout' });
    await eventually(async () => {
      const { rows } = await admin.query("SELECT 1 FROM pg_stat_activity WHERE usename = $1 AND state = 'active'", [
        role,
      ]);
      expect(rows).toEqual([]);
    });
  });

  it('cuts a cell of 10 MB, and stops what would be gigabytes', async () => {
    const long = await ask(database, "SELECT repeat('x', 10000000) AS long");
    expect(long.rows[0]?.[0]).toMatch(/^x{10000}… \(cut: 10000000 characters\)$/);
    const huge = "SELECT repeat('x', 100000000)";
    await expect(ask(database, huge, { timeoutMs: 60_000 })).rejects.toMatchObject({
      ...INVALID,
      message: expect.stringMatching(/32 MiB/) as string,
    });
    const growing = "SELECT repeat('x', CASE WHEN n > 300 THEN 10000000 ELSE 3 END) FROM generate_series(1, 1000) n";
    const some = await ask(database, growing, { maxRows: 1_000, timeoutMs: 60_000 });
    expect(some.rows).toHaveLength(303);
    expect(some.cut).toMatch(/only the first 30[0-9] rows are here/);
  });

  it('gives what JSON has not as text', async () => {
    const sql =
      "SELECT 1.10::numeric, '2026-01-02'::date, '{1,2}'::int[], '\\x00ff'::bytea, 'NaN'::float8, true, '{\"a\":1}'::jsonb";
    expect((await ask(database, sql)).rows).toEqual([
      ['1.10', '2026-01-02', '{1,2}', '\\x00ff', 'NaN', true, { a: 1 }],
    ]);
  });

  it('refuses a role that no read-only transaction holds, and names the mend', async () => {
    const powerful = openReadOnlyDatabase(fresh.url, { poolSize: 1, folder: '' });
    await expect(ask(powerful, 'SELECT 1')).rejects.toMatchObject({
      code: 'invalid_configuration',
      retryable: false,
      message: expect.stringMatching(
        /role "longhaul" may do more than read tables \(SUPERUSER\).*CREATE ROLE/,
      ) as string,
    });
    await powerful.close();
  });

  it('says of a server that is not there that it does not answer', async () => {
    const gone = openReadOnlyDatabase('postgres://x:secret@127.0.0.1:1/x', { poolSize: 1, folder: '' });
    const error: unknown = await ask(gone, 'SELECT 1').catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'unavailable', retryable: true });
    expect(String(error)).not.toContain('secret');
    await gone.close();
  });
});

describe('The URL of a database', () => {
  it.each(['', 'mysql://x:secret@h/d', 'sqlite:', '/a/path.db', 'postgres://['])('is none by %j', (url) => {
    const open = () => openReadOnlyDatabase(url, { poolSize: 1, folder: '/' });
    expect(open).toThrow(/expected the URL of a database/);
    expect(open).not.toThrow(/secret/);
  });
});
