import { eventually } from '../../../../../test/support/eventually';
import { type OutputDelta, OutputLog } from './output-log';

/** A log whose store answers when the test says so. */
function openLog(limit = 1_000_000) {
  const stored: OutputDelta[] = [];
  const open: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const failures: string[] = [];
  const log = new OutputLog({
    stepId: 'step_1',
    limit,
    append: (data) => {
      stored.push(data);
      return new Promise<void>((resolve, reject) => open.push({ resolve, reject }));
    },
    onFailure: () => failures.push('failed'),
  });
  const release = () => open.splice(0).forEach(({ resolve }) => resolve());
  /** Stores whatever comes, until `done` settles. */
  const releaseUntil = async <T>(done: Promise<T>): Promise<T> => {
    let settled = false;
    void done.finally(() => (settled = true)).catch(() => undefined);
    await eventually(() => {
      release();
      return settled;
    });
    return done;
  };
  const text = () => stored.map((data) => data.text).join('');
  return { log, stored, open, failures, release, releaseUntil, text };
}

describe('output on its way to the event log', () => {
  it('goes at once when nothing is under way, and together with what came meanwhile', async () => {
    const { log, stored, releaseUntil } = openLog();
    await log.write('stdout', 'a');
    expect(stored).toEqual([{ step_id: 'step_1', channel: 'stdout', index: 0, text: 'a' }]);
    for (const text of ['b', 'c']) await log.write('stdout', text);
    await log.write('stderr', 'd');
    await log.write('stdout', 'e');
    await releaseUntil(log.end());
    expect(stored.slice(1)).toEqual([
      { step_id: 'step_1', channel: 'stdout', index: 1, text: 'bc' },
      { step_id: 'step_1', channel: 'stderr', index: 2, text: 'd' },
      { step_id: 'step_1', channel: 'stdout', index: 3, text: 'e' },
    ]);
  });

  it('makes the command wait while too much of it is not stored', async () => {
    const { log, releaseUntil, text } = openLog();
    await log.write('stdout', 'x');
    let more = false;
    const writing = log.write('stdout', 'y'.repeat(300 * 1024)).then(() => (more = true));
    await new Promise(setImmediate);
    expect(more).toBe(false);
    await releaseUntil(writing);
    await releaseUntil(log.end());
    expect(text()).toBe(`x${'y'.repeat(300 * 1024)}`);
  });

  it('is cut into events of a bounded size, and never through a character', async () => {
    const { log, stored, releaseUntil, text } = openLog();
    const trucks = `x${'🚚'.repeat(50_000)}`;
    await log.write('stdout', trucks);
    await releaseUntil(log.end());
    expect(text()).toBe(trucks);
    expect(stored.length).toBeGreaterThan(1);
    for (const { text: piece } of stored) {
      expect(piece.length).toBeLessThanOrEqual(32 * 1024);
      expect(piece.isWellFormed()).toBe(true);
    }
  });

  it('is dropped beyond the limit, with a notice that says so once', async () => {
    const { log, releaseUntil, text } = openLog(2 * 1024);
    await log.write('stdout', 'x'.repeat(2 * 1024 - 1));
    await log.write('stderr', '🚚yy');
    await log.write('stdout', 'zz');
    await releaseUntil(log.end());
    expect(text()).toBe(
      `${'x'.repeat(2047)}\n[more than 2 KB of output: the rest is not stored, its end is in the result]\n`,
    );
  });

  it('stops the command when it cannot be stored, and says why at the end', async () => {
    const { log, open, failures } = openLog();
    await log.write('stdout', 'a');
    const blocked = log.write('stdout', 'b'.repeat(300 * 1024));
    const error = new Error('the lease is lost');
    open.splice(0).forEach(({ reject }) => reject(error));
    await blocked;
    expect(failures).toEqual(['failed']);
    await log.write('stdout', 'c');
    expect(open).toEqual([]);
    await expect(log.end()).rejects.toBe(error);
  });
});
