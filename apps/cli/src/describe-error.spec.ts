import { describeError } from './describe-error';

it('says who may hold the lock of a SQLite file that cannot be written', () => {
  const refusal = Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' });
  expect(describeError(refusal)).toEqual({
    lines: ['longhaul: database is locked', expect.stringContaining('another process holds the lock')],
    exitCode: 1,
  });
});
