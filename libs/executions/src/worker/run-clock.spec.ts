import { RunClock } from './run-clock';
import type { RunLimits } from './run-limits';

describe('RunClock', () => {
  const NONE: RunLimits = {
    timeoutMs: 3_600_000,
    softTimeoutMs: Infinity,
    idleTimeoutMs: Infinity,
    deadlineInMs: Infinity,
  };
  let reached: string[];
  let heardAt: number;
  let clock: RunClock | undefined;

  beforeEach(() => {
    jest.useFakeTimers();
    [reached, heardAt] = [[], performance.now()];
  });
  afterEach(() => {
    clock?.stop();
    jest.useRealTimers();
  });

  function start(limits: Partial<RunLimits>): RunClock {
    const silence = () => performance.now() - heardAt;
    clock = new RunClock({ ...NONE, ...limits }, silence, (reason) => reached.push(reason));
    return clock;
  }

  it.each<[string, Partial<RunLimits>, string[]]>([
    ['the time limit', {}, ['timeout']],
    ['the deadline alone where that comes first', { deadlineInMs: 1_000 }, ['deadline']],
    ['the time limit alone where that comes first', { deadlineInMs: 7_200_000 }, ['timeout']],
    ['the soft limit, and then the hard one', { softTimeoutMs: 1_000 }, ['soft_timeout', 'timeout']],
    ['no soft limit that is the hard one', { softTimeoutMs: 3_600_000 }, ['timeout']],
    ['the silence', { idleTimeoutMs: 1_000 }, ['idle_timeout', 'timeout']],
    ['no silence that ends with the run', { idleTimeoutMs: 3_600_000 }, ['timeout']],
  ])('says when it reaches %s', (_, limits, expected) => {
    start(limits);
    jest.advanceTimersByTime(8_000_000);
    expect(reached).toEqual(expected);
  });

  it('is patient as long as something is heard, and exact after that', () => {
    start({ idleTimeoutMs: 1_000 });
    for (let n = 0; n < 1_000; n += 1) {
      jest.advanceTimersByTime(999);
      heardAt = performance.now();
    }
    jest.advanceTimersByTime(999);
    expect(reached).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(reached).toEqual(['idle_timeout']);
  });

  it('says nothing once it is stopped', () => {
    start({ softTimeoutMs: 10, idleTimeoutMs: 10 }).stop();
    jest.advanceTimersByTime(8_000_000);
    expect(reached).toEqual([]);
  });

  it('tells how long there is until the end of the run and until the deadline', () => {
    start({ deadlineInMs: 7_200_000 });
    jest.advanceTimersByTime(600_000);
    expect(clock).toMatchObject({ leftMs: 3_000_000, toDeadlineMs: 6_600_000 });
  });
});
