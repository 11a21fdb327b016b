import { join } from 'node:path';
import type { BenchOptions } from '../options';
import type { Memory } from '../report/report';
import { BenchProcess } from '../targets/bench-process';
import { LONGHAUL_NAMES } from '../targets/longhaul';
import { submitMany } from './load';

/** A Nest application that imports what Longhaul imports and does nothing: its memory, by the name of each Longhaul. */
export async function measureBareNest(
  { backends, amounts, rounds }: BenchOptions,
  folder: string,
): Promise<Map<string, Memory>> {
  const memories = new Map<string, Memory>();
  for (const backend of backends) {
    const name = `bare Nest with the packages of ${backend}`;
    const file = join(__dirname, '../targets/nest-baseline.js');
    const process = await BenchProcess.start({ name, file, args: [backend], folder });
    const { rssMb: idleMb } = await process.usage();
    const target = {
      name,
      processes: [process],
      isSettled: () => Promise.resolve(true),
      startAnother: () => Promise.reject(new Error('one is enough')),
    };
    await submitMany(target, 'parked', rounds * (amounts.accept + amounts.complete));
    const { rssMb: loadMb } = await process.usage();
    await process.stop();
    memories.set(LONGHAUL_NAMES[backend], { process: name, idleMb, loadMb });
  }
  return memories;
}
