import type { SubmitCommand } from '../src';

/** A submission with nothing special about it, but for what is given. */
export function submitCommand(more: Partial<SubmitCommand> = {}): SubmitCommand {
  return {
    kind: 'agent',
    target: 'test-agent',
    owner: 'local',
    queue: 'default',
    priority: 'default',
    input: { message: 'hello' },
    metadata: {},
    tags: [],
    maxAttempts: 4,
    delayMs: 0,
    timeoutMs: null,
    deadlineMs: 604_800_000,
    ...more,
  };
}
