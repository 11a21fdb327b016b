/** Every type of the event log, in the order in which a reader meets them in the docs. Names are the contract. */
export const EXECUTION_EVENT_TYPES = [
  'execution.queued',
  'execution.started',
  'execution.progress',
  'step.started',
  'step.completed',
  'step.failed',
  'output.delta',
  'output.reset',
  'tool.called',
  'tool.completed',
  'approval.requested',
  'approval.decided',
  'execution.waiting',
  'execution.retrying',
  'execution.cancelling',
  'execution.completed',
  'execution.failed',
  'execution.cancelled',
] as const;
export type ExecutionEventType = (typeof EXECUTION_EVENT_TYPES)[number];

const LAST_EVENT_TYPES: readonly ExecutionEventType[] = [
  'execution.completed',
  'execution.failed',
  'execution.cancelled',
];

/** Nothing comes after it. */
export function isLastEvent({ type }: { type: ExecutionEventType }): boolean {
  return LAST_EVENT_TYPES.includes(type);
}
