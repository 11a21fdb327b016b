import { WORKER_END_REASONS, WORKER_STATES } from '@longhaul/executions';
import { ERROR_CODES } from '@longhaul/kernel';
import { anything, flag, free, integer, list, moment, number, object, oneOf, type Properties, text } from './schema';

/** The gateway itself, what it refuses, and what remote agents tell it. */
export const GATEWAY_SCHEMAS = {
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
