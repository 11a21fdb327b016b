import { type Issue, unknownName } from '@longhaul/kernel';
import { needsAPerson, taggedWith, type ToolDefinition, unapprovedSenders } from '@longhaul/tools';
import type { AgentFile } from '../loading/parse-agent-file';
import { JOB_TOOL_NAMES } from '../runtimes/llm/tools/job-tools';
import { delegateTool, OWN_TOOL_NAMES } from '../runtimes/llm/tools/own-tools';
import type { AgentDefinition } from './agent-definition';
import type { ApprovalTerms } from './approval-terms';

/** The tools that agents can list. Those of MCP servers, `server__tool`, come and go, and need not be among them. */
export interface KnownTools {
  tools: readonly ToolDefinition[];
  /** False: only the files were read, and another name may be that of a tool in code. */
  complete: boolean;
}

const OF_A_SERVER = '__';

/**
 * What is wrong with an agent's tools, where it says so or where a skill of it does. A tool of a skill that is not there
 * costs nobody the agent: skills of the Python agents-gateway name tools in Python.
 */
export function toolIssues(
  { tools, mcpServers, delegatesTo, runtime, requiresApproval, approvalTerms, frontMatter }: AgentDefinition,
  known: KnownTools,
  { at, skillTools }: Pick<AgentFile, 'at' | 'skillTools'>,
): { problems: Issue[]; warnings: Issue[] } {
  if (runtime !== 'llm') {
    const warning = {
      path: at('tools'),
      message: 'tools: is read for runtime: llm only',
      hint: 'the agent runs without',
    };
    return { problems: [], warnings: frontMatter.tools === undefined ? [] : [warning] };
  }
  const own = known.tools.filter(({ name }) => tools.includes(name));
  const placeOf = (tool: string) => skillTools.find(({ name }) => name === tool)?.place ?? at('tools');
  const listed = new Set(frontMatter.tools);
  const unknown = unknownTools([...listed], known, placeOf);
  const ofSkills = tools.filter((name) => !listed.has(name));
  const delegates = delegatesTo.map(delegateTool);
  const misnamed =
    typeof requiresApproval === 'boolean'
      ? []
      : requiresApproval.filter((name) => ![...tools, ...delegates].includes(name) && !isOf(mcpServers, name));
  const misplaced = misnamed.map((name) => ({
    path: at('requires_approval'),
    message: `requires_approval: ${unknownName('tool', name, [...tools, ...delegates])}`,
    hint: 'name tools that the agent has in tools:, or ask_<id> of an agent in delegates_to:',
  }));
  const unavailable = own.filter(({ unavailableReason }) => unavailableReason !== undefined);
  return {
    problems: [
      ...(known.complete ? unknown : []),
      ...sameNames(own, delegatesTo, placeOf),
      ...misplaced,
      ...ruleOfThree(own, requiresApproval, at('tools')),
      ...approvedByTime(own, approvalTerms, at('requires_approval', 'on_expiry')),
    ],
    warnings: [
      ...(known.complete ? [] : unknown),
      ...unknownTools(ofSkills, known, placeOf),
      ...unavailable.map(({ name, unavailableReason }) => ({
        path: placeOf(name),
        message: `its tool "${name}" is unavailable: ${unavailableReason}`,
        hint: 'until then its model does without',
      })),
    ],
  };
}

/** Whether a tool is one of these MCP servers'. */
function isOf(servers: readonly string[], tool: string): boolean {
  return servers.some((server) => tool.startsWith(`${server}${OF_A_SERVER}`));
}

function unknownTools(
  names: readonly string[],
  { tools, complete }: KnownTools,
  placeOf: (tool: string) => string,
): Issue[] {
  const known = [...tools.map(({ name }) => name), ...OWN_TOOL_NAMES];
  const unknown = names.filter((name) => !name.includes(OF_A_SERVER) && !known.includes(name));
  const there = known.length === 0 ? 'there are none yet' : `there are: ${known.join(', ')}`;
  const hint = `${there}; write tools/<name>/TOOL.md, or remove it${complete ? '' : ', unless an extension has it'}`;
  return unknown.map((name) => ({ path: placeOf(name), message: unknownName('tool', name, known), hint }));
}

/** Of a tool and of one that the loop carries out itself: no provider takes two functions of one name. */
function sameNames(
  own: readonly ToolDefinition[],
  delegatesTo: readonly string[],
  placeOf: (tool: string) => string,
): Issue[] {
  const jobTools = own.some(({ background }) => background) ? JOB_TOOL_NAMES : [];
  const asks = new Map([
    ...OWN_TOOL_NAMES.map((name): [string, string] => [name, 'asks a person']),
    ...jobTools.map((name): [string, string] => [name, 'is for jobs']),
    ...delegatesTo.map((id): [string, string] => [delegateTool(id), `asks the agent "${id}"`]),
  ]);
  return own.flatMap(({ name, file, kind }) => {
    const does = asks.get(name);
    if (does === undefined) return [];
    const message = `its tool "${name}" (${file ?? `kind ${kind}`}) has the name of the one that ${does}`;
    const hint = 'rename the tool, or take it from the agent: a model is offered each name once';
    return [{ path: placeOf(name), message, hint }];
  });
}

function ruleOfThree(
  own: readonly ToolDefinition[],
  requiresApproval: AgentDefinition['requiresApproval'],
  path: string,
): Issue[] {
  const senders = unapprovedSenders({ tools: own, requiresApproval });
  if (senders.length === 0) return [];
  const [reads, ingests] = [taggedWith('reads_private', own), taggedWith('ingests_untrusted', own)];
  const message =
    `its tools together see what is private (${reads.join(', ')}), read what strangers wrote (${ingests.join(', ')}) ` +
    `and send something out (${senders.join(', ')}), so a stranger could have it sent to him`;
  const hint = `write requires_approval: [${senders.join(', ')}], or give the agent fewer tools`;
  return [{ path, message, hint }];
}

function approvedByTime(own: readonly ToolDefinition[], { onExpiry }: ApprovalTerms, path: string): Issue[] {
  const senders = own.filter((tool) => needsAPerson(tool, { tools: own })).map(({ name }) => name);
  if (onExpiry === 'reject' || senders.length === 0) return [];
  const message =
    `on_expiry: approve would have ${senders.join(', ')} send something out without a person, and its tools together ` +
    'see what is private and read what strangers wrote';
  return [{ path, message, hint: 'write on_expiry: reject, or give the agent fewer tools' }];
}
