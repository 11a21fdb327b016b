import { TOOL_TAGS, type ToolDefinition, type ToolTag } from './tool';

type Tagged = Pick<ToolDefinition, 'name' | 'tags' | 'requiresApproval'>;

/** All that an agent may call, and which of it its author wants a person to decide on: all of it, none, or these. */
export interface ToolUser {
  tools: readonly Tagged[];
  requiresApproval: boolean | readonly string[];
}

/** Whether a person must decide on each call: the tool's author says so, the agent's does, or the rule of three. */
export function needsApproval(tool: Tagged, user: ToolUser): boolean {
  return isAskedFor(tool, user) || needsAPerson(tool, user);
}

/** By the rule of three: nothing else may stand for the person's word, and no time that has passed. */
export function needsAPerson(tool: Tagged, { tools }: Pick<ToolUser, 'tools'>): boolean {
  return sendsOut(tool) && holdsAllTags(tools);
}

/**
 * The rule of three: who sees what is private, reads what strangers wrote, and can send something out, can be talked into
 * sending the one because of the other. Then a person decides on what is sent. These are the tools that send although
 * nobody has asked for a person's word.
 */
export function unapprovedSenders(user: ToolUser): string[] {
  if (!holdsAllTags(user.tools)) return [];
  return user.tools.filter((tool) => sendsOut(tool) && !isAskedFor(tool, user)).map(({ name }) => name);
}

/** The names of those that have the tag. */
export function taggedWith(tag: ToolTag, tools: readonly Tagged[]): string[] {
  return tools.filter(({ tags }) => tags.includes(tag)).map(({ name }) => name);
}

function holdsAllTags(tools: readonly Tagged[]): boolean {
  return TOOL_TAGS.every((tag) => tools.some(({ tags }) => tags.includes(tag)));
}

function sendsOut({ tags }: Tagged): boolean {
  return tags.includes('sends_out');
}

function isAskedFor({ name, requiresApproval }: Tagged, { requiresApproval: asked }: ToolUser): boolean {
  return requiresApproval || asked === true || (asked !== false && asked.includes(name));
}
