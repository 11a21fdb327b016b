import { spread } from '../report/statistics';
import { table } from '../report/table';
import type { JournalTarget } from '../targets/journal-target';

const STEPS = [1_000, 10_000];
const WARM_UP = 1;
/** 2 KB each, as in bench:steps. */
const RESULT = { text: 'x'.repeat(2_048) };

/** How long a run that goes on takes until it is where it was, beside one SELECT of the same rows. */
export async function resumeRows(name: string, journal: JournalTarget, rounds: number): Promise<string[][]> {
  const rows: string[][] = [];
  for (const steps of STEPS) {
    const id = await journal.record(steps, RESULT);
    const times = { floor: [] as number[], resume: [] as number[] };
    for (let round = -WARM_UP; round < rounds; round += 1) {
      const floor = await journal.readAll(id);
      const resume = await journal.resume(id, steps);
      if (round < 0) continue;
      times.floor.push(floor);
      times.resume.push(resume);
    }
    const ratios = times.resume.map((ms, round) => ms / (times.floor[round] ?? Number.NaN));
    rows.push([name, String(steps), spread(times.floor, 0), spread(times.resume, 0), spread(ratios, 2)]);
  }
  return rows;
}

export const resumeTable = (rows: string[][]): string =>
  table(['database', 'recorded steps', 'one SELECT, ms', 'resume, ms', 'ratio'], rows);
