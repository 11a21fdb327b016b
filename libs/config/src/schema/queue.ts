import { NAME_PATTERN, NAME_RULE } from '@longhaul/kernel';
import { z } from 'zod';
import { number, seconds, section, text, url } from './fields';

const QUEUE_NAME = { pattern: NAME_PATTERN, rule: `must be a queue name: ${NAME_RULE}` };

const BROKER_NAME = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9._:-]{0,126}$/,
  rule: 'must be letters, digits and . _ : -, starting with a letter or digit, at most 127',
};

export const queue = section('How executions reach the workers.', {
  backend: z
    .enum(['none', 'memory', 'redis', 'rabbitmq', 'custom'])
    .default('none')
    .describe(
      'none: requests wait for their result. memory: in this process. redis, rabbitmq: between processes. custom: a class of yours, from extensions or code.',
    ),
  redis_url: url(['redis', 'rediss'], 'For backend redis: redis:// or rediss:// with host, port and database.').default(
    'redis://127.0.0.1:6379/0',
  ),
  stream_key: text('Key the Redis backend lives under.', BROKER_NAME).default('longhaul:executions'),
  consumer_group: text('Label of this worker pool; a name, nothing more.', BROKER_NAME).default('workers'),
  rabbitmq_url: url(['amqp', 'amqps'], 'For backend rabbitmq: amqp:// or amqps:// with user, host, port and virtual host.').default(
    'amqp://guest:guest@127.0.0.1:5672/',
  ),
  queue_name: text('What the names of the RabbitMQ queues start with.', BROKER_NAME).default('longhaul'),
  workers: number({ min: 1, max: 10_000 }, 'Slots of one worker process, over all its queues.').default(4),
  max_retries: number({ min: 0, max: 100 }, 'Retries after the first attempt, unless the agent says otherwise.').default(3),
  visibility_timeout_s: seconds(1, 'How long a silent worker keeps its executions.').default(30),
  drain_timeout_s: seconds(0, 'How long a stopping worker lets its running executions go on.').default(30),
  default_execution_mode: z
    .enum(['sync', 'async'])
    .default('sync')
    .describe('Whether a request waits for its result when the agent does not say.'),
  max_depth: number({ min: 1, max: 100_000_000 }, 'Waiting executions above which a request gets 429.').default(100_000),
  allow_evicting_redis: z
    .boolean()
    .default(false)
    .describe('Start although Redis may evict keys (maxmemory-policy other than noeviction).'),
  sweep_interval_s: seconds(0.1, 'How often the sweeper looks for what is due, late or abandoned.').default(0.5),
  routes: z
    .record(z.string(), text('Queue name.', QUEUE_NAME))
    .default({})
    .describe('Agent glob to queue, such as "research-*": research. What AGENT.md says comes first.'),
});
