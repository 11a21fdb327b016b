import type { Reading } from '../measures/measure';
import { type Summary, summarise } from './statistics';
import { table } from './table';

export interface Memory {
  process: string;
  idleMb: number;
  loadMb: number;
}

/** All that was read off one target: a reading a round, the rounds of all targets interleaved. */
export interface TargetResult {
  name: string;
  against: string[];
  readings: Reading[];
  memory: Memory[];
}

type Field = keyof Reading;
const NOTHING = '–';

export function readingsTable(results: TargetResult[]): string {
  const head = ['target', 'A /s', 'p50 > p99', 'B /s', 'CPU µs', 'start p50 > p99', 'visible p50 > p99', 'D s'];
  const rows = results.map((result) => [
    result.name,
    withSpread(of(result, 'accepted'), 0),
    pair(result, 'acceptP50', 'acceptP99', 1),
    withSpread(of(result, 'completed'), 0),
    digits(of(result, 'cpuUs')?.median, 0),
    pair(result, 'startP50', 'startP99', 1),
    pair(result, 'visibleP50', 'visibleP99', 1),
    withSpread(of(result, 'sleepersS'), 2),
  ]);
  return table(head, rows);
}

/** Each round's reading divided by that of the other in the same round; above 1 is more. */
export function ratiosTable(results: TargetResult[]): string {
  const fields: Field[] = ['accepted', 'completed', 'cpuUs', 'startP50', 'visibleP50', 'sleepersS'];
  const head = ['target', 'divided by', 'A', 'B', 'CPU', 'start p50', 'visible p50', 'D'];
  const rows = results.flatMap((result) =>
    baselines(result, results).map((baseline) => [
      result.name,
      baseline.name,
      ...fields.map((field) => withSpread(ratio(result, baseline, field), 2)),
    ]),
  );
  return table(head, rows);
}

export function memoryTable(results: TargetResult[], bareNest: ReadonlyMap<string, Memory>): string {
  const head = ['process', 'RSS MB idle > load', 'x bare Nest idle', 'x bare Nest load'];
  const rows = results.flatMap((result) =>
    result.memory.map((memory) => {
      const bare = bareNest.get(result.name);
      return [
        memory.process,
        `${digits(memory.idleMb, 0)} > ${digits(memory.loadMb, 0)}`,
        digits(bare && memory.idleMb / bare.idleMb, 2),
        digits(bare && memory.loadMb / bare.loadMb, 2),
      ];
    }),
  );
  const bareRows = [...bareNest.values()].map(({ process, idleMb, loadMb }) => [
    process,
    `${digits(idleMb, 0)} > ${digits(loadMb, 0)}`,
    NOTHING,
    NOTHING,
  ]);
  return table(head, [...rows, ...bareRows]);
}

function baselines({ against }: TargetResult, results: TargetResult[]): TargetResult[] {
  return results.filter(({ name }) => against.includes(name));
}

function ratio(result: TargetResult, baseline: TargetResult, field: Field): Summary | undefined {
  return summarise(
    result.readings.map((reading, round) => {
      const [mine, other] = [reading[field], baseline.readings[round]?.[field]];
      return mine === undefined || other === undefined ? undefined : mine / other;
    }),
  );
}

function of({ readings }: TargetResult, field: Field): Summary | undefined {
  return summarise(readings.map((reading) => reading[field]));
}

function pair(result: TargetResult, low: Field, high: Field, places: number): string {
  const [lower, upper] = [of(result, low), of(result, high)];
  return lower && upper ? `${digits(lower.median, places)} > ${digits(upper.median, places)}` : NOTHING;
}

function withSpread(summary: Summary | undefined, places: number): string {
  if (!summary) return NOTHING;
  const [median, min, max] = [summary.median, summary.min, summary.max].map((value) => digits(value, places));
  return `${median} (${min}-${max})`;
}

function digits(value: number | undefined, places: number): string {
  return value === undefined ? NOTHING : value.toFixed(places);
}
