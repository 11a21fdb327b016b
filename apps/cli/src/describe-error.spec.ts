import BetterSqlite3 from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeError } from './describe-error';

it('says who may hold the lock of a SQLite file that cannot be written', () => {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-cli-'));
  const [one, other] = [0, 1].map(() => new BetterSqlite3(join(folder, 'longhaul.db'), { timeout: 0 }));
  one?.exec('BEGIN IMMEDIATE');
  let refusal: unknown;
  try {
    other?.exec('BEGIN IMMEDIATE');
  } catch (error) {
    refusal = error;
  }
  one?.close();
  other?.close();
  rmSync(folder, { recursive: true });
  expect(describeError(refusal)).toEqual({
    lines: ['longhaul: database is locked', expect.stringContaining('another process holds the lock')],
    exitCode: 1,
  });
});
