export function percentile(values: number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN;
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low = Number.NaN, high = low] = [
    sorted[Math.ceil(sorted.length / 2) - 1],
    sorted[Math.floor(sorted.length / 2)],
  ];
  return (low + high) / 2;
}

export interface Summary {
  median: number;
  min: number;
  max: number;
}

/** Undefined for what was not measured. */
export function summarise(values: (number | undefined)[]): Summary | undefined {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0) return undefined;
  return { median: median(known), min: Math.min(...known), max: Math.max(...known) };
}

/** `1.52 (1.34-3.71)`: the median, and between which values the others lie. */
export function spread(values: number[], digits: number): string {
  const { median: middle = NaN, min = NaN, max = NaN } = summarise(values) ?? {};
  return `${middle.toFixed(digits)} (${min.toFixed(digits)}-${max.toFixed(digits)})`;
}
