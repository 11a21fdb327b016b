export const EXECUTION_STATUSES = ['queued', 'running', 'waiting', 'completed', 'failed', 'cancelled'] as const;
export type ExecutionStatus = (typeof EXECUTION_STATUSES)[number];

/** Terminal is terminal: these never change. */
export const TERMINAL_STATUSES = ['completed', 'failed', 'cancelled'] as const satisfies readonly ExecutionStatus[];
export type TerminalStatus = (typeof TERMINAL_STATUSES)[number];

export function isTerminal(status: ExecutionStatus): status is TerminalStatus {
  return (TERMINAL_STATUSES as readonly ExecutionStatus[]).includes(status);
}

/** How one run ended; null in its row while it goes on. */
export type RunOutcome = 'completed' | 'failed' | 'retrying' | 'cancelled' | 'released' | 'waiting' | 'lost';
