import { parsePrefer } from './prefer';
import { waitPlan } from './wait-plan';

describe('the wait of a submission', () => {
  it.each([
    ['async', undefined, 0, undefined],
    ['async', 'wait=10', 10, 'wait=10'],
    ['async', 'wait=999', 120, 'wait=120'],
    ['async', 'respond-async', 0, 'respond-async'],
    ['async', 'wait=soon, handling=lenient', 0, undefined],
    ['sync', undefined, 120, undefined],
    ['sync', 'respond-async', 0, 'respond-async'],
    ['sync', 'respond-async, wait=5', 5, 'respond-async, wait=5'],
    ['sync', 'Wait="5"; x=y', 5, 'wait=5'],
  ] as const)('for a %s agent and Prefer: %s is %i s', (mode, prefer, waitS, applied) => {
    const plan = waitPlan(mode, parsePrefer(prefer), { backend: 'redis', syncWaitS: 120 });
    expect(plan).toEqual({ waitS, ...(applied === undefined ? {} : { applied }) });
  });

  it.each([
    ['async', undefined, 120],
    ['async', 'respond-async', 120],
    ['sync', 'wait=5', 5],
  ] as const)('with backend none, for a %s agent and Prefer: %s, is %i s, and it is said', (mode, prefer, waitS) => {
    const plan = waitPlan(mode, parsePrefer(prefer), { backend: 'none', syncWaitS: 120 });
    expect(plan).toEqual({ waitS, applied: `wait=${waitS}` });
  });
});
