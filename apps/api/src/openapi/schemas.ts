import { DELIVERY_STATUSES, WEBHOOK_BODIES, WEBHOOK_ENVELOPES, WEBHOOK_EVENTS } from '@longhaul/delivery';
import {
  DEAD_LETTER_STATES,
  EXECUTION_EVENT_TYPES,
  EXECUTION_STATUSES,
  STEP_EFFECTS,
  STEP_STATUSES,
  WORKER_END_REASONS,
  WORKER_STATES,
} from '@longhaul/executions';
import { ERROR_CODES, type JsonObject, PRIORITIES } from '@longhaul/kernel';

type Schema = JsonObject;
type Properties = Record<string, Schema>;

const text: Schema = { type: 'string' };
const moment: Schema = { type: 'string', format: 'date-time' };
const integer: Schema = { type: 'integer' };
const number: Schema = { type: 'number' };
const flag: Schema = { type: 'boolean' };
const free: Schema = { type: 'object', additionalProperties: true };
const texts: Schema = { type: 'array', items: text };
const anything: Schema = {};
const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
const oneOf = (values: readonly string[]): Schema => ({ type: 'string', enum: [...values] });

/** An object whose names are all known; those marked with `?` may be absent. */
function object(description: string, properties: Properties): Schema {
  const entries = Object.entries(properties);
  return {
    type: 'object',
    description,
    properties: Object.fromEntries(entries.map(([name, schema]) => [name.replace('?', ''), schema])),
    required: entries.flatMap(([name]) => (name.endsWith('?') ? [] : [name])),
    additionalProperties: false,
  };
}

function list(of: string): Schema {
  return object('One page; the last one when `next_cursor` is null.', {
    items: { type: 'array', items: ref(of) },
    next_cursor: { type: ['string', 'null'] },
  });
}

const ids = { execution_id: text, job_id: text, run_id: text };
const refusals: Schema = {
  type: 'array',
  items: object('What was not done, and why.', { execution_id: text, code: text, message: text }),
};
const walk = {
  refused: refusals,
  remaining: { ...integer, description: 'How many come after these.' },
  next_cursor: { type: ['string', 'null'] },
};
const thread = { conversation_id: text, correlation_id: text };

const deadLetter: Properties = {
  execution_id: text,
  agent: text,
  queue: text,
  reason: { ...text, description: "The error's code." },
  fingerprint: { ...text, description: 'The same cause has the same one.' },
  'error?': ref('Failure'),
  failed_at: moment,
  attempts: integer,
  max_attempts: integer,
  interruptions: { ...integer, description: 'Workers lost in a row.' },
  state: oneOf(DEAD_LETTER_STATES),
  'handled_at?': moment,
  'redriven_as?': { ...text, description: 'The execution that it is tried anew as.' },
  'discard_reason?': text,
  execution_url: text,
  runs_url: text,
};

const endpoint: Properties = {
  endpoint_id: text,
  url: text,
  'description?': text,
  events: { type: 'array', items: oneOf(WEBHOOK_EVENTS) },
  agents: { ...texts, description: 'Empty: all of them.' },
  body: oneOf(WEBHOOK_BODIES),
  envelope: oneOf(WEBHOOK_ENVELOPES),
  enabled: flag,
  'disabled_reason?': text,
  failures: { ...integer, description: 'Tries that failed in a row, of all its deliveries.' },
  'paused_until?': { ...moment, description: 'It failed too often: nothing is sent to it before.' },
  'previous_secret_until?': { ...moment, description: 'Until then the secret before the present one signs too.' },
  created_at: moment,
  updated_at: moment,
};

const delivery: Properties = {
  delivery_id: { ...text, description: 'The `webhook-id` of all its tries.' },
  event: text,
  channel: text,
  source: {
    ...oneOf(['client', 'operator']),
    description:
      'Who named the target: a request, or the operator (gateway.yaml, AGENT.md). Of the latter only an `admin` sees the target, and what was answered.',
  },
  'endpoint_id?': text,
  'target?': { ...text, description: 'Where to, when it is no registered endpoint.' },
  'execution_id?': text,
  'agent?': text,
  status: oneOf(DELIVERY_STATUSES),
  'status_detail?': oneOf(['sending']),
  attempt: { ...integer, description: 'Tries that have begun.' },
  created_at: moment,
  'next_attempt_at?': moment,
  'ended_at?': moment,
  'last_status?': integer,
  'last_error?': text,
};

/** The components of the OpenAPI document that answers are made of. */
export const SCHEMAS = {
  Agent: object('An agent of the catalogue.', {
    id: text,
    display_name: text,
    description: text,
    tags: texts,
    'version?': text,
    enabled: flag,
    available: flag,
    'unavailable_reason?': text,
    runtime: oneOf(['llm', 'command', 'http', 'code']),
    'model?': text,
    execution_mode: oneOf(['sync', 'async']),
    queue: text,
    priority: oneOf(PRIORITIES),
    'input_schema?': free,
    'output_schema?': free,
    limits: object('', {
      timeout_s: number,
      'soft_timeout_s?': number,
      deadline_s: number,
      idle_timeout_s: number,
    }),
    retries: object('', { max_retries: integer, backoff: oneOf(['exponential', 'linear', 'fixed']), delay_s: number }),
  }),
  AgentList: list('Agent'),
  Execution: object('The record. What there is not is absent, never null. Terminal statuses never change.', {
    ...ids,
    agent: text,
    status: oneOf(EXECUTION_STATUSES),
    'status_detail?': oneOf(['retrying', 'delayed', 'cancelling']),
    created_at: moment,
    'started_at?': moment,
    'completed_at?': moment,
    'deadline_at?': { ...moment, description: 'What is not over by then fails with deadline_exceeded.' },
    'output?': anything,
    'error?': ref('Failure'),
    'progress?': object('', { percent: number, 'message?': text, 'step?': text }),
    attempt: integer,
    max_attempts: integer,
    'next_attempt_at?': moment,
    'usage?': ref('Usage'),
    ...thread,
    metadata: free,
    tags: texts,
    'retry_of?': { ...text, description: 'The failed execution that this one tries anew.' },
  }),
  ExecutionList: list('Execution'),
  Accepted: object('What the client holds from now on.', {
    ...ids,
    ...thread,
    agent: text,
    status: oneOf(EXECUTION_STATUSES),
    poll_url: text,
    stream_url: text,
    cancel_url: text,
  }),
  Event: object('A numbered fact about an execution; `seq` starts at 0 and has no gaps.', {
    seq: integer,
    type: oneOf(EXECUTION_EVENT_TYPES),
    at: moment,
    execution_id: text,
    'run_id?': text,
    data: free,
  }),
  EventList: list('Event'),
  StreamTicket: object('The right to open one stream, for whoever shows it first.', {
    ticket: { ...text, description: 'For `?ticket=`, or the first message.' },
    expires_at: { ...moment, description: 'In 30 seconds.' },
  }),
  Run: object('One attempt by one worker.', {
    run_id: text,
    execution_id: text,
    attempt: integer,
    worker_id: text,
    started_at: moment,
    'ended_at?': moment,
    'outcome?': oneOf(['completed', 'failed', 'retrying', 'cancelled', 'released', 'lost']),
    'error?': ref('Failure'),
    'usage?': ref('Usage'),
  }),
  RunList: list('Run'),
  Step: object('A journalled piece of work; `interrupted` where its run was cut before it had ended.', {
    step_id: text,
    execution_id: text,
    key: { ...text, description: 'Names it within the execution.' },
    effects: oneOf(STEP_EFFECTS),
    status: oneOf(STEP_STATUSES),
    attempt: integer,
    run_id: { ...text, description: 'The run that said last how it stands.' },
    started_at: moment,
    'completed_at?': moment,
    'result?': { description: 'With `?include=result`, of a completed one.' },
    'error?': ref('Failure'),
  }),
  StepList: list('Step'),
  Usage: object('What model calls took. Without `cost_usd` when the price of a model is not known.', {
    input_tokens: integer,
    output_tokens: integer,
    'cost_usd?': number,
  }),
  Conversation: object('What executions say to each other, one at a time, in the order of their submission.', {
    conversation_id: text,
    agent: { ...text, description: 'The one that the first message was for.' },
    turns: integer,
    created_at: moment,
    last_at: { ...moment, description: 'When the latest message was accepted.' },
  }),
  ConversationList: list('Conversation'),
  Message: object('What was said, by whom. Of turn n, `seq` 2n - 1 is the question and 2n the answer.', {
    seq: integer,
    role: oneOf(['user', 'assistant']),
    text,
    execution_id: text,
    at: moment,
  }),
  MessageList: list('Message'),
  DeadLetter: object('A failed execution that somebody has to look after, or has.', deadLetter),
  DeadLetterList: list('DeadLetter'),
  DeadLetterDetail: object('With all that one needs to decide what to do about it.', {
    ...deadLetter,
    input: anything,
    ...thread,
    'retry_of?': text,
    runs: { type: 'array', items: ref('Run') },
  }),
  DeadLetterGroup: object('Dead letters with the same cause, as far as agent, code and message tell.', {
    fingerprint: text,
    reason: text,
    agent: text,
    count: integer,
    first_failed_at: moment,
    last_failed_at: moment,
    sample: object('The one of them that was submitted last.', { execution_id: text, message: text }),
  }),
  DeadLetterGroupList: list('DeadLetterGroup'),
  Redriven: object('Each as a new execution.', {
    count: integer,
    items: {
      type: 'array',
      items: object('', {
        execution_id: { ...text, description: 'The new one.' },
        retry_of: text,
        repeated: { ...flag, description: 'It was redriven before, as this one.' },
        due_at: moment,
      }),
    },
    'last_due_at?': moment,
    ...walk,
  }),
  Discarded: object('', { count: integer, execution_ids: texts, ...walk }),
  WebhookEndpoint: object('A URL that is called when executions end.', endpoint),
  WebhookEndpointList: list('WebhookEndpoint'),
  WebhookEndpointWithSecret: object('With its secret, which is shown this once.', { ...endpoint, secret: text }),
  CallbackSecret: object('', { secret: text }),
  Delivery: object('One thing that must leave: one event, through one channel, to one target.', delivery),
  DeliveryList: list('Delivery'),
  DeliveryDetail: object('With each of its tries.', {
    ...delivery,
    tries: {
      type: 'array',
      items: object('', {
        attempt: integer,
        at: moment,
        duration_ms: integer,
        outcome: oneOf(['delivered', 'failed']),
        'status?': { ...integer, description: 'Of HTTP.' },
        'error?': text,
        'excerpt?': { ...text, description: 'The beginning of what was answered.' },
      }),
    },
  }),
  DeliveryOrdered: object('', { delivery_id: text }),
  Redelivered: object('', { count: integer, delivery_ids: texts, next_cursor: { type: ['string', 'null'] } }),
  Worker: object('One incarnation of a process that runs executions. Times are by the clock of the database.', {
    worker_id: text,
    state: {
      ...oneOf(WORKER_STATES),
      description: '`draining`: takes nothing more. `ended`: stopped of its own will. `lost`: it died or fell silent.',
    },
    host: text,
    pid: integer,
    version: text,
    queues: { ...free, description: 'The most of each queue that may run here at once; null: no limit.' },
    'slots?': { ...integer, description: 'Over all queues; absent where each request has its own.' },
    running: integer,
    executions: {
      type: 'array',
      description: 'What runs there, at most twenty.',
      items: object('', { execution_id: text, started_at: moment }),
    },
    started_at: moment,
    last_heartbeat_at: moment,
    silent_for_s: number,
    'drain_requested_at?': moment,
    'ended_at?': moment,
    'end_reason?': {
      ...oneOf(WORKER_END_REASONS),
      description: '`died`: its process was seen to be gone. `silent`: no heartbeat for queue.visibility_timeout_s.',
    },
  }),
  WorkerList: list('Worker'),
  Failure: object(`Why it failed. \`code\` is stable; ours are ${ERROR_CODES.join(', ')}, an agent may have others.`, {
    code: text,
    message: text,
    retryable: flag,
    'details?': free,
  }),
  Callback: {
    type: 'object',
    description: 'What an HTTP agent says of an execution; `execution_id` and `attempt` as they were sent to it.',
    properties: {
      execution_id: text,
      attempt: integer,
      status: oneOf(['completed', 'failed', 'running']),
      output: anything,
      usage: { type: 'object', properties: { input_tokens: number, output_tokens: number, cost_usd: number } },
      error: { type: 'object', properties: { code: text, message: text, retryable: flag } },
      progress: { type: 'object', properties: { percent: number, message: text, step: text } },
    },
    required: ['execution_id', 'attempt', 'status'],
  },
  CallbackTaken: object('', { execution_id: text, attempt: integer, repeated: flag }),
  Health: object('Each dependency and its state: up, degraded or down.', {
    status: oneOf(['ok', 'degraded']),
    details: free,
  }),
  Problem: object('Every answer that is not a success (RFC 9457).', {
    type: text,
    title: text,
    status: integer,
    detail: text,
    code: {
      ...text,
      description: `Stable. One of ${ERROR_CODES.join(', ')}, or the code an agent failed with.`,
    },
    instance: text,
    'errors?': { type: 'array', items: object('', { path: text, message: text, 'hint?': text }) },
    'execution_id?': text,
    'details?': free,
    trace_id: text,
  }),
} satisfies Properties;

export type SchemaName = keyof typeof SCHEMAS;
