import { Queue, QueueEvents, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { countFinished, reportReady } from '../targets/child';
import { SERVED, work, WORKLOAD } from '../workload';
import { serveTasks } from './task-api';

/**
 * The peer: BullMQ behind Fastify as its documentation has it, results kept as return values:
 * `<api|worker> <redis url> <key prefix>`.
 */
const [role = '', redisUrl = '', prefix = ''] = process.argv.slice(2);
const shared = () => ({ connection: new Redis(redisUrl, { maxRetriesPerRequest: null }), prefix });

function api(): Promise<string> {
  const queues = new Map(Object.entries(WORKLOAD).map(([agent, { queue }]) => [agent, new Queue(queue, shared())]));
  // Only results of the noop agent are ever asked for.
  const results = new Queue(WORKLOAD.noop.queue, shared());
  const events = new QueueEvents(WORKLOAD.noop.queue, shared());
  return serveTasks({
    async submit({ id, agent, input }) {
      await queues.get(agent)?.add('chat', input, { jobId: id });
    },
    async result(id, waitMs) {
      const job = await results.getJob(id);
      return job ? job.waitUntilFinished(events, waitMs) : null;
    },
  });
}

function serveQueues(): void {
  for (const agent of SERVED) {
    const { queue, slots } = WORKLOAD[agent];
    const worker = new Worker(queue, (job) => work(agent, job.id), { ...shared(), concurrency: slots });
    worker.on('completed', countFinished);
  }
}

async function main(): Promise<void> {
  if (role === 'api') return reportReady(await api());
  serveQueues();
  reportReady();
}

void main();
