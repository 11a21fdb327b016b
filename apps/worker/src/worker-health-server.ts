import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type GatewayConfig, InjectGatewayConfig } from '@longhaul/config';
import { Database } from '@longhaul/database';
import { LonghaulError } from '@longhaul/kernel';
import { ExecutionQueue } from '@longhaul/queue';
import { mayReadMetrics, Metrics } from '@longhaul/telemetry';
import { WORKER_OPTIONS, type WorkerOptions } from './worker-options';

const PATHS = ['/health/live', '/health/ready', '/metrics'];

/** Health and metrics of a worker that runs alone, on `worker.health_port`; no port, no server. */
@Injectable()
export class WorkerHealthServer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(WorkerHealthServer.name);
  private server: Server | undefined;

  constructor(
    private readonly database: Database,
    private readonly queue: ExecutionQueue,
    private readonly metrics: Metrics,
    @InjectGatewayConfig() private readonly config: GatewayConfig,
    @Inject(WORKER_OPTIONS) private readonly options: WorkerOptions,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { healthPort } = this.options;
    if (healthPort === 0) return;
    this.server = createServer((request, response) => {
      this.answer(request, response).catch((error: unknown) => sendJson(response, 500, { status: String(error) }));
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

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    switch (request.url ?? '') {
      case '/health/live':
        return sendJson(response, 200, { status: 'ok' });
      case '/health/ready':
        return sendJson(response, ...(await this.check()));
      case '/metrics':
        return this.sendMetrics(request, response);
      default:
        return sendJson(response, 404, { status: 'unknown path', paths: PATHS });
    }
  }

  private async sendMetrics({ headers, socket }: IncomingMessage, response: ServerResponse): Promise<void> {
    const isLoopback = /^(::ffff:)?127\.|^::1$/.test(socket.remoteAddress ?? '');
    if (!mayReadMetrics(this.config, { authorization: headers.authorization, isLoopback })) {
      const mend = 'send a key of scope admin in Authorization: Bearer <key>, or set server.metrics.public';
      return sendJson(response, 401, { status: `metrics are not for everybody: ${mend}` });
    }
    const scrape = await this.metrics.scrape();
    if (!scrape) return sendJson(response, 404, { status: 'no metrics: set server.metrics.enabled to true' });
    response.writeHead(200, { 'content-type': scrape.contentType }).end(scrape.text);
  }

  private async check(): Promise<[number, object]> {
    const [database, queue] = await Promise.allSettled([this.database.ping(), this.queue.ping()]);
    const ok = database.status === 'fulfilled' && queue.status === 'fulfilled';
    const state = (result: PromiseSettledResult<void>) => (result.status === 'fulfilled' ? 'up' : 'down');
    return [ok ? 200 : 503, { status: ok ? 'ok' : 'error', database: state(database), queue: state(queue) }];
  }
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
