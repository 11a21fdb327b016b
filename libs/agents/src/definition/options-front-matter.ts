import type { AgentOptions } from '../agent-handler';

/** What a decorator says in the words of the front matter, so that both are checked and completed the same way. */
export function frontMatterOf(options: AgentOptions): Record<string, unknown> {
  const { timeoutS, maxRetries } = options;
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
    limits: timeoutS === undefined ? undefined : { timeout_s: timeoutS },
    retries: maxRetries === undefined ? undefined : { max_retries: maxRetries },
  };
  return Object.fromEntries(Object.entries(frontMatter).filter(([, value]) => value !== undefined));
}
