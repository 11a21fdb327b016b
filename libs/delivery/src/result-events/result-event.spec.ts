import type { ExecutionRecord } from '@longhaul/executions';
import { toResultEvent } from './result-event';

const RECORD: ExecutionRecord = {
  id: 'exec_1',
  jobId: 'job_1',
  runId: 'run_1',
  agent: 'triage',
  owner: 'local',
  status: 'completed',
  input: { message: 'hello' },
  output: { text: 'done' },
  error: null,
  progress: null,
  usage: null,
  attempt: 1,
  maxAttempts: 4,
  queue: 'default',
  priority: 'default',
  createdAt: new Date(0),
  startedAt: new Date(1),
  completedAt: new Date(2),
  deadlineAt: null,
  conversationId: 'conv_1',
  traceparent: null,
  correlationId: 'order-17',
  metadata: { tenant: 'blue' },
  tags: [],
  retryOf: null,
  forkedFrom: null,
  fork: null,
  parentId: null,
};
const told = {
  id: 'dlv_1',
  execution_id: 'exec_1',
  agent: 'triage',
  conversation_id: 'conv_1',
  correlation_id: 'order-17',
  metadata: { tenant: 'blue' },
  completed_at: '1970-01-01T00:00:00.002Z',
};

describe('a result event', () => {
  it('carries the output of what has completed', () => {
    expect(toResultEvent('dlv_1', RECORD)).toEqual({ ...told, status: 'completed', output: { text: 'done' } });
  });

  it('carries the error of what has failed', () => {
    const error = { code: 'timeout', message: 'too slow', retryable: false };
    const event = toResultEvent('dlv_1', { ...RECORD, status: 'failed', output: null, error });
    expect(event).toEqual({ ...told, status: 'failed', error });
  });

  it('carries neither of what was cancelled', () => {
    expect(toResultEvent('dlv_1', { ...RECORD, status: 'cancelled', output: null })).toEqual({
      ...told,
      status: 'cancelled',
    });
  });

  it('says where a large output is, counted in bytes', () => {
    const fits = { text: 'é'.repeat(131_000) };
    expect(toResultEvent('dlv_1', { ...RECORD, output: fits }).output).toEqual(fits);
    const event = toResultEvent('dlv_1', { ...RECORD, output: { text: 'é'.repeat(132_000) } });
    expect(event).toEqual({ ...told, status: 'completed', output_url: '/v1/executions/exec_1' });
  });
});
