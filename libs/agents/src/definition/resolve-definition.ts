import type { AgentDefaults, AgentDefinition, RuntimeName } from './agent-definition';
import type { AgentFrontMatter } from './front-matter';
import { BUILT_MODEL_PROVIDERS, BUILT_RUNTIMES } from './key-tables';
import { routedQueue } from './queue-routes';

export interface DefinitionSource {
  id: string;
  file: string | null;
  frontMatter: AgentFrontMatter;
  instructions: string;
  /** A provider wears `@Agent` with this id. */
  hasCode: boolean;
}

/** Fills in what the front matter leaves out, and says whether this gateway can run the result. */
export function resolveDefinition(source: DefinitionSource, defaults: AgentDefaults): AgentDefinition {
  const { id, file, frontMatter, instructions, hasCode } = source;
  const runtime = frontMatter.runtime ?? 'llm';
  const model = frontMatter.model?.name ?? defaults.model;
  const unavailableReason = whyUnavailable(id, runtime, model, hasCode);
  return {
    id,
    file,
    displayName: frontMatter.display_name ?? id,
    description: frontMatter.description ?? '',
    tags: frontMatter.tags ?? [],
    version: frontMatter.version ?? null,
    enabled: frontMatter.enabled ?? true,
    ...(unavailableReason === undefined ? {} : { unavailableReason }),
    runtime,
    model,
    instructions,
    executionMode: frontMatter.execution_mode ?? defaults.executionMode,
    queue: frontMatter.queue ?? routedQueue(id, defaults.routes),
    priority: frontMatter.priority ?? 'default',
    inputSchema: frontMatter.input_schema ?? null,
    outputSchema: frontMatter.output_schema ?? null,
    timeoutS: frontMatter.limits?.timeout_s ?? 3600,
    retries: {
      maxRetries: frontMatter.retries?.max_retries ?? defaults.maxRetries,
      backoff: frontMatter.retries?.backoff ?? 'exponential',
      delayS: frontMatter.retries?.delay_s ?? 1,
    },
    frontMatter,
  };
}

function whyUnavailable(id: string, runtime: RuntimeName, model: string, hasCode: boolean): string | undefined {
  if (!BUILT_RUNTIMES.has(runtime)) {
    return `runtime "${runtime}" is not built yet, use one of ${[...BUILT_RUNTIMES].join(', ')}`;
  }
  if (runtime === 'code') {
    return hasCode
      ? undefined
      : `no code agent has its id: export a provider with @Agent({ id: '${id}' }) from one of extensions`;
  }
  if (runtime !== 'llm') return undefined;
  const [provider, name] = splitModel(model);
  if (name === undefined) return `model "${model}" names no provider, write provider/model, for example demo/echo`;
  if (BUILT_MODEL_PROVIDERS.has(provider)) return undefined;
  return `model "${model}" needs the provider "${provider}", which is not built yet: use demo/echo`;
}

function splitModel(model: string): [provider: string, name?: string] {
  const slash = model.indexOf('/');
  return slash < 0 ? [model] : [model.slice(0, slash), model.slice(slash + 1)];
}
