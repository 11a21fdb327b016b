/** More agents, models or routes than anybody reads in a graph; few enough for any Prometheus. */
const MOST_VALUES = 500;
const OTHER = 'other';

/** Keeps what a label may be finite, whatever is counted: each keeps its first values, and all others are one. */
export class LabelLimits {
  private readonly known = new Map<string, Set<string>>();

  constructor(private readonly most = MOST_VALUES) {}

  within<Labels extends Record<string, string>>(labels: Labels): Labels {
    let result = labels;
    for (const [label, value] of Object.entries(labels)) {
      if (!this.admits(label, value)) result = { ...result, [label]: OTHER };
    }
    return result;
  }

  private admits(label: string, value: string): boolean {
    const values = this.known.get(label);
    if (values?.has(value)) return true;
    if (!values) this.known.set(label, new Set([value]));
    else if (values.size >= this.most) return false;
    else values.add(value);
    return true;
  }
}
