import type { AgentDefinition } from '@longhaul/agents';

/** An agent as the catalogue shows it. Its instructions are the author's own business. */
export function agentView(agent: AgentDefinition) {
  return {
    id: agent.id,
    display_name: agent.displayName,
    description: agent.description,
    tags: agent.tags,
    ...(agent.version === null ? {} : { version: agent.version }),
    enabled: agent.enabled,
    available: agent.unavailableReason === undefined,
    ...(agent.unavailableReason === undefined ? {} : { unavailable_reason: agent.unavailableReason }),
    runtime: agent.runtime,
    ...(agent.runtime === 'llm' ? { model: agent.model } : {}),
    ...(agent.tools.length === 0 ? {} : { tools: agent.tools }),
    ...(agent.mcpServers.length === 0 ? {} : { mcp_servers: agent.mcpServers }),
    execution_mode: agent.executionMode,
    queue: agent.queue,
    priority: agent.priority,
    ...(agent.inputSchema === null ? {} : { input_schema: agent.inputSchema }),
    ...(agent.outputSchema === null ? {} : { output_schema: agent.outputSchema }),
    limits: {
      timeout_s: agent.limits.timeoutS,
      ...(agent.limits.softTimeoutS === undefined ? {} : { soft_timeout_s: agent.limits.softTimeoutS }),
      deadline_s: agent.limits.deadlineS,
      idle_timeout_s: agent.limits.idleTimeoutS,
      ...(agent.runtime === 'llm' ? turnLimits(agent) : {}),
    },
    retries: {
      max_retries: agent.retries.maxRetries,
      backoff: agent.retries.backoff,
      delay_s: agent.retries.delayS,
    },
  };
}

function turnLimits({ limits: { maxTurns, maxToolCalls, maxTokens } }: AgentDefinition) {
  const turns = { max_turns: maxTurns, max_tool_calls: maxToolCalls };
  return { ...turns, ...(maxTokens === undefined ? {} : { max_tokens: maxTokens }) };
}
