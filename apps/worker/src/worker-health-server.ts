import { createServer, type Server } from 'node:http';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from '@longhaul/database';
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

  onApplicationBootstrap(): void {
    if (this.options.healthPort === 0) return;
    this.server = createServer((request, response) => {
      const answer = (status: number, body: object) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      if (request.url === '/health/live') answer(200, { status: 'ok' });
      else if (request.url === '/health/ready') void this.check().then((down) => answer(...down));
      else answer(404, { status: 'unknown path', paths: ['/health/live', '/health/ready'] });
    });
    this.server.listen(this.options.healthPort, () => this.logger.log(`health on port ${this.options.healthPort}`));
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
