import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from '@longhaul/database';
import { LonghaulError } from '@longhaul/kernel';
import { ExecutionQueue } from '@longhaul/queue';
import { WORKER_OPTIONS, type WorkerOptions } from './worker-options';

/** `/health/live` and `/health/ready` of a worker that runs alone, on `worker.health_port`; no port, no server. */
@Injectable()
export class WorkerHealthServer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(WorkerHealthServer.name);
  private server: Server | undefined;

  constructor(
    private readonly database: Database,
    private readonly queue: ExecutionQueue,
    @Inject(WORKER_OPTIONS) private readonly options: WorkerOptions,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { healthPort } = this.options;
    if (healthPort === 0) return;
    this.server = createServer((request, response) => {
      const answer = (status: number, body: object) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      if (request.url === '/health/live') answer(200, { status: 'ok' });
      else if (request.url === '/health/ready') void this.check().then((down) => answer(...down));
      else answer(404, { status: 'unknown path', paths: ['/health/live', '/health/ready'] });
    });
    this.server.listen(healthPort);
    await once(this.server, 'listening').catch((cause: Error) => {
      const message = `worker.health_port ${healthPort} cannot be listened on (${cause.message}): choose another, or 0`;
      throw new LonghaulError('unavailable', message, { cause });
    });
    this.logger.log(`health on port ${healthPort}`);
  }

  onApplicationShutdown(): void {
    this.server?.close();
  }

  private async check(): Promise<[number, object]> {
    const [database, queue] = await Promise.allSettled([this.database.ping(), this.queue.ping()]);
    const ok = database.status === 'fulfilled' && queue.status === 'fulfilled';
    const state = (result: PromiseSettledResult<void>) => (result.status === 'fulfilled' ? 'up' : 'down');
    return [ok ? 200 : 503, { status: ok ? 'ok' : 'error', database: state(database), queue: state(queue) }];
  }
}
