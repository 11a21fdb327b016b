import type { AgentOptions } from '../agent-handler';

/** What a decorator says in the words of the front matter, so that both are checked and completed the same way. */
export function frontMatterOf(options: AgentOptions): Record<string, unknown> {
  const { maxRetries, notifications, resultEvent } = options;
  const limits = present({
    timeout_s: options.timeoutS,
    soft_timeout_s: options.softTimeoutS,
    deadline_s: options.deadlineS,
    idle_timeout_s: options.idleTimeoutS,
  });
  const frontMatter = {
    runtime: 'code',
    description: options.description,
    display_name: options.displayName,
    tags: options.tags,
    version: options.version,
    execution_mode: options.executionMode,
    queue: options.queue,
    priority: options.priority,
    input_schema: options.inputSchema,
    output_schema: options.outputSchema,
    limits: Object.keys(limits).length === 0 ? undefined : limits,
    notifications:
      notifications &&
      present({
        on_complete: notifications.onComplete,
        on_error: notifications.onError,
        on_timeout: notifications.onTimeout,
        on_approval: notifications.onApproval,
      }),
    result_event: typeof resultEvent === 'string' ? { name: resultEvent } : resultEvent,
    retries: maxRetries === undefined ? undefined : { max_retries: maxRetries },
  };
  return present(frontMatter);
}

function present(entries: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));
}
