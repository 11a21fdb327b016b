import { Redis } from 'ioredis';
import { countFinished, reportReady } from '../targets/child';
import { type AgentName, SERVED, work, WORKLOAD } from '../workload';
import { PostgresTasks } from './postgres-tasks';
import { serveTasks } from './task-api';
import { Waiters } from './waiters';

/**
 * The floor on PostgreSQL and a Redis list: `<api|worker> <each|group> <postgres url> <redis url> <key prefix>`. One
 * INSERT and one LPUSH to accept; pop, claim, run, finish and one PUBLISH to complete.
 */
const [role = '', commit = '', postgresUrl = '', redisUrl = '', prefix = ''] = process.argv.slice(2);
const tasks = new PostgresTasks(postgresUrl, commit === 'group');
const redis = new Redis(redisUrl);

async function api(): Promise<string> {
  const waiters = new Waiters();
  const subscriber = new Redis(redisUrl);
  await subscriber.subscribe(`${prefix}:done`);
  subscriber.on('message', (_channel, id) => waiters.tell(id));
  return serveTasks({
    async submit(task) {
      await tasks.insert(task);
      void redis.lpush(`${prefix}:${task.agent}`, task.id);
    },
    result: (id, waitMs) => waiters.until(id, waitMs, () => tasks.output(id)),
  });
}

/** Takes as many ids as there are slots free, and waits at the list when it is empty. */
async function consume(agent: AgentName): Promise<never> {
  const list = `${prefix}:${agent}`;
  const blocking = new Redis(redisUrl);
  let free: number = WORKLOAD[agent].slots;
  let freed = Promise.withResolvers<void>();
  const take = (id: string) => {
    free -= 1;
    void run(agent, id).finally(() => {
      free += 1;
      freed.resolve();
    });
  };
  for (;;) {
    if (free === 0) await (freed = Promise.withResolvers<void>()).promise;
    const ids = await redis.rpop(list, free);
    if (ids) {
      for (const id of ids) take(id);
      continue;
    }
    const popped = await blocking.brpop(list, 0);
    if (popped) take(popped[1]);
  }
}

async function run(agent: AgentName, id: string): Promise<void> {
  if (!(await tasks.claim(id))) return;
  await tasks.finish(id, await work(agent));
  countFinished();
  void redis.publish(`${prefix}:done`, id);
}

async function main(): Promise<void> {
  if (role === 'api') return reportReady(await api());
  for (const agent of SERVED) void consume(agent);
  reportReady();
}

void main();
