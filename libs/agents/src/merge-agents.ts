import { AGENT_ID_PATTERN, AGENT_ID_RULE, compileSchema, unknownName } from '@longhaul/kernel';
import type { Issue } from '@longhaul/kernel';
import { fieldIssues } from '@longhaul/tools';
import type { CodeAgent, CodeAgents } from './code-agents';
import type { AgentDefaults, AgentDefinition } from './definition/agent-definition';
import { delegationIssues } from './definition/delegation-issues';
import { frontMatterSchema, type AgentFrontMatter } from './definition/front-matter';
import { limitIssues, limitWarnings } from './definition/limit-issues';
import { mcpIssues } from './definition/mcp-issues';
import { notificationIssues } from './definition/notification-issues';
import { frontMatterOf } from './definition/options-front-matter';
import { profileOf, resolveDefinition } from './definition/resolve-definition';
import { whyNotSent } from './definition/result-event';
import { type KnownTools, toolIssues } from './definition/tool-issues';
import type { AgentFile, AgentFiles } from './loading/load-agent-files';

export interface MergedAgents {
  /** Sorted by id. */
  definitions: AgentDefinition[];
  /** Of the files, as in `AgentFiles`. */
  contextFiles: ReadonlySet<string>;
  problems: Issue[];
  warnings: Issue[];
}

/**
 * Files and code as one catalogue; without code (`null`) the agents of `runtime: code` are taken at their word. A code
 * agent whose AGENT.md is broken does not load either: the file may have disabled or restricted it. Two definitions that
 * contradict each other are both left out.
 */
export function mergeAgents(
  files: AgentFiles,
  code: CodeAgents | null,
  tools: KnownTools,
  defaults: AgentDefaults,
): MergedAgents {
  const problems = [...files.problems, ...(code?.problems ?? [])];
  const warnings = [...files.warnings];
  const definitions: AgentDefinition[] = [];
  const byId = new Map((code?.agents ?? []).map((agent) => [agent.options.id, agent]));

  for (const agent of files.agents) {
    const twin = byId.get(agent.id);
    byId.delete(agent.id);
    if (code?.broken.has(agent.id)) continue;
    const found = [...(twin ? twinIssues(agent, twin) : []), ...profileIssues(agent, defaults)];
    problems.push(...found);
    if (found.length > 0) continue;
    const frontMatter = twin ? overlay(optionsOf(twin), agent.frontMatter) : agent.frontMatter;
    const definition = resolveDefinition(
      { ...agent, frontMatter, hasCode: twin !== undefined || code === null },
      defaults,
    );
    const told = notificationIssues(definition, defaults, agent.at);
    const tooled = toolIssues(definition, tools, agent);
    const served = mcpIssues(frontMatter, defaults, agent.at);
    const contradictions = [
      ...limitIssues(definition, agent.at),
      ...tooled.problems,
      ...served.problems,
      ...told.problems,
    ];
    problems.push(...contradictions);
    if (contradictions.length > 0) continue;
    definitions.push(definition);
    warnings.push(...definitionWarnings(agent, definition, defaults), ...limitWarnings(definition, agent.at));
    warnings.push(...tooled.warnings, ...served.warnings);
    warnings.push(...told.warnings, ...resultEventWarnings(agent, definition, defaults));
  }
  for (const agent of byId.values()) {
    const id = agent.options.id;
    if (files.broken.has(id)) continue;
    const found = codeIssues(agent);
    problems.push(...found);
    if (found.length > 0) continue;
    const source = {
      id,
      file: null,
      frontMatter: optionsOf(agent),
      instructions: '',
      body: '',
      bodyAt: 0,
      skillTools: [],
      hasCode: true,
    };
    const definition = resolveDefinition(source, defaults);
    const at = () => placeOf(agent);
    const told = notificationIssues(definition, defaults, at);
    const contradictions = [...limitIssues(definition, at), ...told.problems];
    problems.push(...contradictions);
    if (contradictions.length > 0) continue;
    definitions.push(definition);
    warnings.push(...told.warnings, ...resultEventWarnings({ at }, definition, defaults));
  }
  definitions.sort((a, b) => (a.id < b.id ? -1 : 1));
  // A warning: whoever is asked may be what does not load today.
  const ids = definitions.map(({ id }) => id);
  for (const agent of files.agents) {
    const definition = definitions.find(({ id }) => id === agent.id);
    if (definition) warnings.push(...delegationIssues(definition, ids, agent.at('delegates_to')));
  }
  return { definitions, contextFiles: files.contextFiles, problems, warnings };
}

function placeOfReason(
  { runtime, resultEvent, unavailableReason }: AgentDefinition,
  defaults: AgentDefaults,
): string[] {
  const ofEvent = resultEvent && whyNotSent(resultEvent, defaults.resultEvents ?? null);
  if (ofEvent !== undefined && ofEvent === unavailableReason) return ['result_event'];
  return runtime === 'llm' ? ['model', 'name'] : ['runtime'];
}

function twinIssues(agent: AgentFile, twin: CodeAgent): Issue[] {
  if (agent.frontMatter.runtime === 'code') return codeIssues(twin);
  const message = `is an agent of its own, and the code agent ${twin.className} has the same id "${agent.id}"`;
  return [
    { path: agent.at('runtime'), message, hint: 'write runtime: code to configure the code agent, or rename one' },
  ];
}

function profileIssues({ frontMatter, at }: AgentFile, defaults: AgentDefaults): Issue[] {
  const { profile } = frontMatter;
  if (profile === undefined || profileOf(frontMatter, defaults)) return [];
  const known = Object.keys(defaults.profiles ?? {});
  const hint = known.length === 0 ? 'gateway.yaml has no profiles' : `gateway.yaml has: ${known.join(', ')}`;
  return [{ path: at('profile'), message: unknownName('profile', profile, known), hint }];
}

const placeOf = ({ options, className }: CodeAgent) => `@Agent ${options.id} (${className})`;

function codeIssues(agent: CodeAgent): Issue[] {
  const { options } = agent;
  const path = placeOf(agent);
  if (!AGENT_ID_PATTERN.test(options.id))
    return [{ path, message: "its id cannot be an agent's", hint: AGENT_ID_RULE }];
  const parsed = frontMatterSchema.safeParse(frontMatterOf(options));
  if (!parsed.success)
    return fieldIssues(frontMatterSchema, parsed.error, frontMatterOf(options)).map((issue) => ({ ...issue, path }));
  try {
    for (const schema of [options.inputSchema, options.outputSchema]) if (schema) compileSchema(schema);
    return [];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [{ path, message: `is given something that is not a JSON Schema: ${reason}`, hint: 'see json-schema.org' }];
  }
}

function optionsOf({ options }: CodeAgent): AgentFrontMatter {
  return frontMatterSchema.parse(frontMatterOf(options));
}

function overlay(code: AgentFrontMatter, file: AgentFrontMatter): AgentFrontMatter {
  return {
    ...code,
    ...file,
    ...(code.limits || file.limits ? { limits: { ...code.limits, ...file.limits } } : {}),
    ...(code.retries || file.retries ? { retries: { ...code.retries, ...file.retries } } : {}),
  };
}

function resultEventWarnings(
  agent: Pick<AgentFile, 'at'>,
  { resultEvent }: AgentDefinition,
  defaults: AgentDefaults,
): Issue[] {
  const reason = resultEvent?.delivery === 'best-effort' && whyNotSent(resultEvent, defaults.resultEvents ?? null);
  if (!reason) return [];
  return [{ path: agent.at('result_event'), message: reason, hint: 'until then the agent runs, and nobody is told' }];
}

function definitionWarnings(agent: AgentFile, definition: AgentDefinition, defaults: AgentDefaults): Issue[] {
  const warnings: Issue[] = [];
  const written = agent.frontMatter.model?.name;
  if (written !== undefined && written !== definition.model) {
    const message = `model "${written}" is read as ${definition.model}`;
    warnings.push({ path: agent.at('model', 'name'), message, hint: 'write it so' });
  }
  if (definition.unavailableReason !== undefined) {
    const path = agent.at(...placeOfReason(definition, defaults));
    const hint = 'until then submitting answers agent_unavailable';
    warnings.push({ path, message: `is unavailable: ${definition.unavailableReason}`, hint });
  }
  if (definition.runtime === 'llm' && definition.instructions === '') {
    const hint = 'write the instructions below the front matter';
    warnings.push({ path: agent.at(), message: 'has no instructions', hint });
  }
  return warnings;
}
