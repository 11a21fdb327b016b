import type { Usage } from '../entities/execution.entity';

/** What one run's model calls took, and the execution's with all its runs: as they are to be stored. */
export interface UsageTotals {
  run: Usage;
  execution: Usage;
}

/** Adds up what a run spends, on top of what the execution's earlier runs did. One writer: the run holds the lease. */
export class UsageMeter {
  private run: Usage | null = null;

  constructor(private execution: Usage | null) {}

  /** Null while this run has spent nothing. */
  get totals(): UsageTotals | null {
    return this.run && this.execution && { run: this.run, execution: this.execution };
  }

  add(usage: Usage): UsageTotals {
    const run = sum(this.run, usage);
    const execution = sum(this.execution, usage);
    this.run = run;
    this.execution = execution;
    return { run, execution };
  }
}

function sum(before: Usage | null, { input_tokens, output_tokens, cost_usd }: Usage): Usage {
  if (!before) return { input_tokens, output_tokens, cost_usd };
  const cost = before.cost_usd === null || cost_usd === null ? null : before.cost_usd + cost_usd;
  return {
    input_tokens: before.input_tokens + input_tokens,
    output_tokens: before.output_tokens + output_tokens,
    // Without the dust of binary fractions.
    cost_usd: cost === null ? null : Math.round(cost * 1e8) / 1e8,
  };
}
