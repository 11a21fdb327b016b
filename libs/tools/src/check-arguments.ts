import { inputIssues, type Issue, type JsonValue } from '@longhaul/kernel';
import type { ToolDefinition } from './tool';

/**
 * What is wrong with the arguments of a call, for whoever must mend them (a model, a person who changed them): each with
 * its place, `arguments.items[2].name`. Empty when they fit. Whoever calls `Tool.run` asks this first.
 */
export function checkArguments({ parameters }: Pick<ToolDefinition, 'parameters'>, args: JsonValue): Issue[] {
  return inputIssues(parameters, args, 'arguments');
}
