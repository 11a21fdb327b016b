import type { Step } from '@longhaul/executions';

/** One key in two journals. */
export interface StepPair {
  key: string;
  left?: Step;
  right?: Step;
}

/** In the order of the left one; what only the right one has stands behind what it has before it. */
export function lineUp(left: Step[], right: Step[]): StepPair[] {
  const onLeft = new Set(left.map(({ key }) => key));
  const placeOnRight = new Map(right.map(({ key }, index) => [key, index]));
  const pairs: StepPair[] = [];
  let passed = 0;
  const passTo = (place: number) => {
    const only = right.slice(passed, place).filter(({ key }) => !onLeft.has(key));
    pairs.push(...only.map((step) => ({ key: step.key, right: step })));
    passed = Math.max(passed, place);
  };
  for (const step of left) {
    const place = placeOnRight.get(step.key);
    if (place !== undefined) passTo(place);
    const other = place === undefined ? undefined : right[place];
    pairs.push({ key: step.key, left: step, ...(other ? { right: other } : {}) });
  }
  passTo(right.length);
  return pairs;
}
