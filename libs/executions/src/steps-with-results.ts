import type { Database } from '@longhaul/database';
import type { JsonValue } from '@longhaul/kernel';
import type { Step } from './entities/step.entity';
import { readResults } from './statements/read-steps';
import { readValue } from './statements/step-values';

/** Results that are read for one page: so many, and of those that lie apart from their steps so much JSON. */
export const MAX_RESULTS = 100;
const MAX_RESULTS_LENGTH = 8 * 1_048_576;

/** As many of the first ones as may be read together with their results; one at least. */
export function fitting(steps: Step[]): Step[] {
  let length = 0;
  const tooMany = steps.findIndex(({ valueLength }, place) => {
    length += valueLength ?? 0;
    return place > 0 && length > MAX_RESULTS_LENGTH;
  });
  return tooMany === -1 ? steps : steps.slice(0, tooMany);
}

/** Gives the completed ones of these steps of one execution their results. */
export async function addResults(database: Database, executionId: string, steps: Step[]): Promise<void> {
  const completed = steps.filter(({ status }) => status === 'completed');
  const keys = completed.flatMap(({ key, valueLength }) => (valueLength === null ? [key] : []));
  const inRows = await readResults(database, executionId, keys);
  for (const step of completed) {
    const { key, valueLength } = step;
    const text = valueLength === null ? (inRows.get(key) ?? 'null') : await readValue(database, executionId, key);
    if (text !== null) step.result = JSON.parse(text) as JsonValue;
  }
}
