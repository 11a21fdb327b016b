import { parseArgs } from 'node:util';

export const BACKENDS = ['memory', 'redis', 'rabbitmq'] as const;
export type Backend = (typeof BACKENDS)[number];
export const MEASURES = ['accept', 'complete', 'wake', 'sleep'] as const;
export type MeasureName = (typeof MEASURES)[number];

export interface BenchOptions {
  rounds: number;
  /** Requests or executions of one measure in one round. */
  amounts: Record<MeasureName, number>;
  backends: readonly Backend[];
  measures: readonly MeasureName[];
  /** Where Longhaul's processes leave their CPU profiles; a profiled process is slower. */
  profileFolder?: string;
}

const FULL = { rounds: 5, amounts: { accept: 4_000, complete: 2_000, wake: 200, sleep: 1_000 } };
const QUICK = { rounds: 3, amounts: { accept: 2_000, complete: 1_000, wake: 60, sleep: 1_000 } };

/** The command line. Throws an error that names the flag and what it takes. */
export function parseOptions(argv: string[]): BenchOptions {
  const { values } = parseArgs({
    args: argv,
    options: {
      quick: { type: 'boolean' },
      only: { type: 'string' },
      measures: { type: 'string' },
      rounds: { type: 'string' },
      profile: { type: 'string' },
    },
  });
  const size = values.quick ? QUICK : FULL;
  const rounds = values.rounds === undefined ? size.rounds : Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds takes a number from 1, not "${values.rounds}"`);
  return {
    rounds,
    amounts: size.amounts,
    backends: listOf('--only', values.only, BACKENDS),
    measures: listOf('--measures', values.measures, MEASURES),
    ...(values.profile === undefined ? {} : { profileFolder: values.profile }),
  };
}

/** The names in a flag's text, all that are known where it is absent. Throws an error that names the flag. */
export function listOf<T extends string>(flag: string, text: string | undefined, known: readonly T[]): readonly T[] {
  if (text === undefined) return known;
  return text.split(',').map((part) => {
    const name = known.find((candidate) => candidate === part.trim());
    if (name === undefined) throw new Error(`${flag} takes some of ${known.join(', ')}, not "${part}"`);
    return name;
  });
}
