import type { SchemaName } from './schemas';

const IDS = {
  execution_id: 'exec_01JD8Z4M7T9QW2X5C6V8B0N3KP',
  job_id: 'job_01JD8Z4M7T9QW2X5C6V8B0N3KQ',
  run_id: 'run_01JD8Z4M7T9QW2X5C6V8B0N3KR',
};
const THREAD = { conversation_id: 'conv_01JD8Z4M7T9QW2X5C6V8B0N3KS', correlation_id: 'order-4711' };

const usage = { input_tokens: 5120, output_tokens: 870, cost_usd: 0.021 };

const execution = {
  ...IDS,
  agent: 'research-agent',
  status: 'completed',
  created_at: '2026-11-22T10:00:00.000Z',
  started_at: '2026-11-22T10:00:00.012Z',
  completed_at: '2026-11-22T10:04:31.480Z',
  output: { text: 'The second offer is the cheapest over ten years.' },
  attempt: 1,
  max_attempts: 4,
  usage,
  ...THREAD,
  metadata: { ticket: 4711 },
  tags: ['nightly'],
};

const forked = {
  ...execution,
  execution_id: 'exec_01JD8Z4M7T9QW2X5C6V8B0N3KV',
  forked_from: IDS.execution_id,
  fork: { from_step: 'model:2', changed: ['model'], model: 'openai/gpt-5-mini' },
};

const tool = {
  name: 'weather',
  description: 'The weather of a city today.',
  kind: 'http',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  effects: 'repeatable',
  tags: ['ingests_untrusted', 'sends_out'],
  requires_approval: false,
  timeout_s: 30,
  max_result_chars: 20_000,
  available: true,
};

const agent = {
  id: 'research-agent',
  display_name: 'Research',
  description: 'Looks things up and sums them up.',
  tags: ['research'],
  enabled: true,
  available: true,
  runtime: 'llm',
  model: 'demo/echo',
  execution_mode: 'async',
  queue: 'research',
  priority: 'default',
  limits: { timeout_s: 3600, deadline_s: 604_800, idle_timeout_s: 1800, max_turns: 20, max_tool_calls: 50 },
  retries: { max_retries: 3, backoff: 'exponential', delay_s: 1 },
};

const event = {
  seq: 1,
  type: 'execution.started',
  at: '2026-11-22T10:00:00.012Z',
  execution_id: IDS.execution_id,
  run_id: IDS.run_id,
  data: {},
};

const run = {
  run_id: IDS.run_id,
  execution_id: IDS.execution_id,
  attempt: 1,
  worker_id: 'wrk_01JD8Z4M7T9QW2X5C6V8B0N3KT',
  started_at: execution.started_at,
  ended_at: execution.completed_at,
  outcome: 'completed',
};

const step = {
  step_id: 'step_01JD8Z4M7T9QW2X5C6V8B0N3KV',
  execution_id: IDS.execution_id,
  key: 'model:1',
  effects: 'repeatable',
  status: 'completed',
  attempt: 1,
  run_id: IDS.run_id,
  started_at: execution.started_at,
  completed_at: execution.completed_at,
};

const conversation = {
  conversation_id: THREAD.conversation_id,
  agent: 'research-agent',
  turns: 1,
  created_at: execution.created_at,
  last_at: execution.created_at,
};

const question = {
  seq: 1,
  role: 'user',
  text: 'Compare the three offers.',
  execution_id: IDS.execution_id,
  at: execution.created_at,
};
const answer = { ...question, seq: 2, role: 'assistant', text: execution.output.text, at: execution.completed_at };

const failure = { code: 'provider_error', message: 'the model provider answered 503', retryable: true };
const refused = {
  execution_id: IDS.execution_id,
  code: 'agent_disabled',
  message: 'agent "x" is disabled: set enabled',
};
const walk = { refused: [refused], remaining: 0, next_cursor: null };

const url = `/v1/executions/${IDS.execution_id}`;

const deadLetter = {
  execution_id: IDS.execution_id,
  agent: 'research-agent',
  queue: 'research',
  reason: failure.code,
  fingerprint: '9c1185a5c5e9fc54',
  error: failure,
  failed_at: execution.completed_at,
  attempts: 4,
  max_attempts: 4,
  interruptions: 0,
  state: 'open',
  execution_url: url,
  runs_url: `${url}/runs`,
};
const group = {
  fingerprint: deadLetter.fingerprint,
  reason: failure.code,
  agent: 'research-agent',
  count: 17,
  first_failed_at: execution.created_at,
  last_failed_at: execution.completed_at,
  sample: { execution_id: IDS.execution_id, message: failure.message },
};

const worker = {
  worker_id: run.worker_id,
  state: 'active',
  host: 'worker-7',
  pid: 31,
  version: '0.1.0',
  queues: { research: 2 },
  slots: 2,
  running: 1,
  executions: [{ execution_id: IDS.execution_id, started_at: execution.started_at }],
  started_at: '2026-11-22T08:00:00.000Z',
  last_heartbeat_at: execution.completed_at,
  silent_for_s: 1.2,
};

const endpoint = {
  endpoint_id: 'whe_01JD8Z4M7T9QW2X5C6V8B0N3KW',
  url: 'https://example.com/hooks/longhaul',
  events: ['execution.completed', 'execution.failed', 'execution.cancelled'],
  agents: [],
  body: 'thin',
  envelope: 'standard',
  enabled: true,
  failures: 0,
  created_at: execution.created_at,
  updated_at: execution.created_at,
};
const withSecret = { ...endpoint, secret: 'whsec_q0Yy0sNB0Xc1WQp1lW3sB2m4n5o6p7q8r9s0t1u2v3w=' };

const delivery = {
  delivery_id: 'dlv_01JD8Z4M7T9QW2X5C6V8B0N3KX',
  event: 'execution.completed',
  channel: 'webhook',
  source: 'client',
  endpoint_id: endpoint.endpoint_id,
  execution_id: IDS.execution_id,
  agent: 'research-agent',
  status: 'delivered',
  attempt: 2,
  created_at: execution.completed_at,
  ended_at: execution.completed_at,
  last_status: 200,
};
const tries = [
  {
    attempt: 1,
    at: execution.completed_at,
    duration_ms: 48,
    outcome: 'failed',
    status: 503,
    error: 'HTTP 503',
    excerpt: 'busy',
  },
  { attempt: 2, at: execution.completed_at, duration_ms: 31, outcome: 'delivered', status: 200, excerpt: 'ok' },
];

const approval = {
  approval_id: 'appr_01JD8Z4M7T9QW2X5C6V8B0N3KY',
  execution_id: IDS.execution_id,
  agent: 'refund-agent',
  step: 'tool:2:1',
  subject: 'refund',
  message: 'The customer says that the parcel never came.',
  arguments: { order: 4711, euro: 40 },
  schema: { type: 'object', properties: { order: { type: 'integer' }, euro: { type: 'number', maximum: 100 } } },
  on_expiry: 'reject',
  state: 'decided',
  requested_at: execution.created_at,
  expires_at: '2026-11-23T10:00:00.000Z',
  decision: 'approve',
  changed_arguments: { order: 4711, euro: 20 },
  feedback: 'Half of it: the parcel came late.',
  decided_by: 'ada',
  decided_at: execution.completed_at,
};

/** One example of each answer; a test holds them against their schemas. */
export const EXAMPLES: Record<SchemaName, object> = {
  Usage: usage,
  Agent: agent,
  AgentList: { items: [agent], next_cursor: null },
  Tool: tool,
  ToolList: { items: [tool], next_cursor: null },
  Execution: execution,
  ExecutionList: { items: [execution], next_cursor: 'ZXhlY18wMUpEOFo0TTdUOVFXMlg1QzZWOEIwTjNLUC5hMWIy' },
  Accepted: {
    ...IDS,
    ...THREAD,
    agent: 'research-agent',
    status: 'queued',
    poll_url: url,
    stream_url: `${url}/events`,
    cancel_url: `${url}/cancel`,
  },
  Event: event,
  EventList: { items: [event], next_cursor: '1' },
  StreamTicket: { ticket: 'lht_q0Yy0sNB0Xc1WQp1lW3sB2m4n5o6p7q8r9s0t1u2v3w', expires_at: '2026-11-22T10:00:30.000Z' },
  Run: run,
  RunList: { items: [run], next_cursor: null },
  Step: step,
  ExecutionTree: { items: [execution], truncated: false },
  StepList: { items: [step], next_cursor: null },
  DiffSide: { execution, duration_ms: 271_468 },
  ExecutionDiff: {
    left: { execution, duration_ms: 271_468 },
    right: { execution: forked, duration_ms: 9_310, model: forked.fork.model },
    input: 'same',
    output: 'same',
    shared_steps: 1,
    results_truncated: false,
    counts: { same: 1, changed: 0, only_left: 0, only_right: 0 },
    steps: [
      {
        key: step.key,
        outcome: 'same',
        shared: true,
        left: step,
        right: { ...step, execution_id: forked.execution_id },
      },
    ],
  },
  Conversation: conversation,
  ConversationList: { items: [conversation], next_cursor: null },
  Message: question,
  MessageList: { items: [question, answer], next_cursor: null },
  Approval: approval,
  ApprovalList: { items: [approval], next_cursor: null },
  EventDelivered: { delivered_to: [IDS.execution_id] },
  DeadLetter: deadLetter,
  DeadLetterList: { items: [deadLetter], next_cursor: null },
  DeadLetterDetail: {
    ...deadLetter,
    input: { message: question.text },
    ...THREAD,
    runs: [{ ...run, outcome: 'failed', error: failure }],
  },
  DeadLetterGroup: group,
  DeadLetterGroupList: { items: [group], next_cursor: null },
  Redriven: {
    count: 1,
    items: [
      {
        execution_id: 'exec_01JD8Z4M7T9QW2X5C6V8B0N3KV',
        retry_of: IDS.execution_id,
        repeated: false,
        due_at: execution.completed_at,
      },
    ],
    last_due_at: execution.completed_at,
    ...walk,
  },
  Discarded: { count: 1, execution_ids: [IDS.execution_id], ...walk },
  WebhookEndpoint: endpoint,
  WebhookEndpointList: { items: [endpoint], next_cursor: null },
  WebhookEndpointWithSecret: withSecret,
  CallbackSecret: { secret: withSecret.secret },
  Delivery: delivery,
  DeliveryList: { items: [delivery], next_cursor: null },
  DeliveryDetail: { ...delivery, tries },
  DeliveryOrdered: { delivery_id: delivery.delivery_id },
  Redelivered: { count: 1, delivery_ids: [delivery.delivery_id], next_cursor: null },
  Worker: worker,
  WorkerList: { items: [worker], next_cursor: null },
  Failure: failure,
  Callback: { execution_id: IDS.execution_id, attempt: 1, status: 'completed', output: { words: 6 } },
  CallbackTaken: { execution_id: IDS.execution_id, attempt: 1, repeated: false },
  Health: { status: 'ok', details: { database: { status: 'up' }, queue: { status: 'up' }, agents: { status: 'up' } } },
  Problem: {
    type: 'urn:longhaul:problem:invalid_request',
    title: 'The request is not valid',
    status: 422,
    detail: 'mesage: unknown field "mesage", did you mean "message"?',
    code: 'invalid_request',
    instance: '/v1/agents/research-agent/chat',
    trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
  },
};
