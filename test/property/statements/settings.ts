import type { Parameters } from 'fast-check';

/** Whole numbers of the environment, for whoever wants to go deeper or to see a failure again: see ../README.md. */
const { LONGHAUL_PROPERTY_SEED, LONGHAUL_PROPERTY_RUNS, LONGHAUL_PROPERTY_PATH, LONGHAUL_PROPERTY_REPLAY } =
  process.env;

const seed =
  LONGHAUL_PROPERTY_SEED === undefined ? Math.trunc(Math.random() * 2 ** 31) : Number(LONGHAUL_PROPERTY_SEED);

/** How long a search may take; who asks for more stories has the time. */
export const SEARCH_MS = LONGHAUL_PROPERTY_RUNS === undefined ? 240_000 : 6 * 3_600_000;

/** How a property is run here: how often, and from which seed. */
export function searching<T>(runs: number): Parameters<T> {
  return {
    seed,
    numRuns: LONGHAUL_PROPERTY_RUNS === undefined ? runs : Number(LONGHAUL_PROPERTY_RUNS),
    ...(LONGHAUL_PROPERTY_PATH === undefined ? {} : { path: LONGHAUL_PROPERTY_PATH }),
    // Also of the shrinking: a story that is not the shortest is better than a test that was stopped.
    interruptAfterTimeLimit: SEARCH_MS,
    markInterruptAsFailure: false,
  };
}

/** Which of the commands of a failure are left after the shrinking; only with its seed and path. */
export const commandsToReplay = LONGHAUL_PROPERTY_REPLAY;
