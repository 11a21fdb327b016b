import type { ToolDefinition, ToolTag } from '@longhaul/tools';

/** The tools whose answers an agent has before it in an execution, and what they were then. */
export class HeardTools {
  private readonly tags = new Map<string, ReadonlySet<ToolTag>>();

  /** More of one: `check_job` is each of the tools whose jobs it was asked about. */
  add(name: string, tags: readonly ToolTag[]): void {
    this.tags.set(name, new Set([...(this.tags.get(name) ?? []), ...tags]));
  }

  all(): Pick<ToolDefinition, 'name' | 'tags' | 'requiresApproval'>[] {
    return [...this.tags].map(([name, tags]) => ({ name, tags: [...tags], requiresApproval: false }));
  }
}
