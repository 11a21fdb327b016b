import { suggest } from '@longhaul/kernel';
import type { Liquid } from 'liquidjs';

/** What a template of a notification may name, and what stands there. */
export const TEMPLATE_NAMES = {
  event: 'complete, error or timeout',
  headline: 'the sentence that the built-in text begins with',
  agent: "the agent's id",
  status: 'completed or failed',
  execution_id: 'exec_…',
  conversation_id: 'conv_…',
  correlation_id: "the caller's, or the one that was made",
  owner: 'whose it is',
  attempt: 'which attempt was the last',
  created_at: 'ISO 8601',
  completed_at: 'ISO 8601',
  duration: 'from acceptance to the end: 4 min 12 s',
  output: 'the output as text, cut',
  error: 'code and message',
  tags: 'a list',
  metadata: 'what the submitter sent along',
  link: 'the execution at this gateway',
} as const;

/** A template may be as long, in characters; longer ones are no message. */
const MAX_TEMPLATE = 20_000;
/** Tags that would read files. */
const FILE_TAGS = ['include', 'render', 'layout', 'block'];

/**
 * One engine for the check at the start and for the rendering, so that what one accepts the other knows. `escape` makes
 * every value that is put out harmless for the channel; the template's own text stays as it is. What model or client
 * wrote is only ever a value. Loads liquidjs: call it where there is a template.
 */
export function templateEngine(escape: (text: string) => string): Liquid {
  const liquid = require('liquidjs') as typeof import('liquidjs');
  const engine = new liquid.Liquid({
    strictFilters: true,
    ownPropertyOnly: true,
    templates: {},
    timezoneOffset: 0,
    parseLimit: MAX_TEMPLATE,
    renderLimit: 200,
    memoryLimit: 1_000_000,
    outputEscape: (value: unknown) => escape(textOf(value)),
  });
  for (const tag of FILE_TAGS) Reflect.deleteProperty(engine.tags, tag);
  // It would put a value out as it is.
  Reflect.deleteProperty(engine.filters, 'raw');
  return engine;
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What is wrong with a template: its syntax, a filter or a name that there is not; undefined when nothing is. */
export function templateProblem(text: string): { message: string; hint: string } | undefined {
  const engine = templateEngine((value) => value);
  const known = Object.keys(TEMPLATE_NAMES);
  try {
    const unknown = engine.globalVariablesSync(engine.parse(text)).find((name) => !known.includes(name));
    if (unknown === undefined) return undefined;
    const near = suggest(unknown, known);
    const meant = near === undefined ? '' : `, did you mean "${near}"?`;
    return { message: `names "${unknown}", which no notification has${meant}`, hint: `there are ${known.join(', ')}` };
  } catch (error) {
    const [first = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return {
      message: `is no Liquid template: ${first}`,
      hint: 'see https://liquidjs.com/tutorials/intro-to-liquid.html',
    };
  }
}
