import type { Execution, ExecutionsReader, Step } from '@longhaul/executions';
import type { Issue, JsonValue } from '@longhaul/kernel';
import type { AgentDefinition } from '../definition/agent-definition';
import { unknownStep } from '../retries/from-step';
import { givenResult, neededFor } from '../runtimes/llm/given-result';

/** What a fork begins with. */
export interface SharedSteps {
  /** The key of the first step that is done anew; null: all are. */
  fromStep: string | null;
  /** Those before it that are done anew all the same. */
  except: string[];
  /** By key, as they are to be recorded. */
  results: Record<string, JsonValue>;
  issues: Issue[];
}

interface Asked {
  fromStep?: string;
  stepResults: Record<string, JsonValue>;
}

type Outcome = { issue: Issue } | { key: string; result: JsonValue };

/** Looks up what a fork of an execution that is over would share with it, and says what of that cannot be. */
export async function sharedSteps(
  reader: ExecutionsReader,
  source: Execution,
  { runtime }: AgentDefinition,
  { fromStep, stepResults }: Asked,
): Promise<SharedSteps> {
  const given = Object.entries(stepResults);
  if (fromStep === undefined) {
    const message = 'there is no step to take it over from: name the first one to be done anew in from_step';
    const issues = given.map(([key]) => ({ path: `step_results.${key}`, message }));
    return { fromStep: null, except: [], results: {}, issues };
  }
  const steps = await reader.stepsOf(source);
  const at = steps.findIndex(({ id, key }) => key === fromStep || id === fromStep);
  const named = steps[at];
  const keys = steps.map(({ key }) => key);
  if (!named) {
    const issues = [unknownStep('from_step', fromStep, source, keys)];
    return { fromStep: null, except: [], results: {}, issues };
  }
  const shared = steps.slice(0, at);
  const decisions = await reader.approvalKeys(source);
  const recorded = await reader.resultsOf(
    source,
    runtime === 'llm' ? given.flatMap(([key]) => neededFor(key, keys)) : [],
  );
  const outcomes = given.map(([key, value]): Outcome => {
    const path = `step_results.${key}`;
    const step = shared.find((one) => one.key === key);
    if (!step && !keys.includes(key)) return { issue: unknownStep(path, key, source, keys) };
    if (!step) return { issue: { path, message: `is not before "${named.key}": fork from a step behind it` } };
    if (decisions.has(key)) return { issue: { path, message: 'is what a person decides: it is asked for anew' } };
    const outcome = runtime === 'llm' ? givenResult(step, value, recorded) : { result: value };
    return 'wrong' in outcome ? { issue: { path, message: outcome.wrong } } : { key, result: outcome.result };
  });
  const isAskedAnew = ({ key }: Step) =>
    decisions.has(key) && !(runtime === 'llm' && isPast(key, steps.slice(0, at + 1)));
  return {
    fromStep: named.key,
    except: shared.filter(isAskedAnew).map(({ key }) => key),
    results: Object.fromEntries(outcomes.flatMap((one) => ('issue' in one ? [] : [[one.key, one.result]]))),
    issues: outcomes.flatMap((one) => ('issue' in one ? [one.issue] : [])),
  };
}

/**
 * A person's decision is for one execution: a fork asks again, or what was approved once could be done any number of
 * times. But not in turns that are over when the fork begins: the calls that were decided on are recorded then, and are
 * not made again.
 */
function isPast(decision: string, come: Step[]): boolean {
  const turn = /^tool:(\d+):.+:approval$/.exec(decision)?.[1];
  const turns = come.map(({ key }) => Number(/^model:(\d+)/.exec(key)?.[1] ?? 0));
  return turn !== undefined && Math.max(...turns) > Number(turn);
}
