import type { DynamicModule, Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AgentHandler } from '@longhaul/agents';
import { loadGatewayConfig } from '@longhaul/config';
import { makeWorkspace } from '@longhaul/config/testing';
import { CoreModule } from '@longhaul/gateway';
import { createApi } from '../../../apps/api/src/create-api';
import { queueTransport } from '../../../apps/worker/src/create-worker';
import { WorkerModule } from '../../../apps/worker/src/worker.module';
import { TEST_AGENTS, TEST_FILES } from './test-agents';

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | number | undefined>;
  text: string;
  body: Record<string, unknown>;
}

export interface TestGatewayOptions {
  /** Variables: `{ LONGHAUL_QUEUE__BACKEND: 'none' }`. */
  env?: Record<string, string>;
  files?: Record<string, string>;
  /** False: nothing runs, everything stays queued. */
  worker?: boolean;
  agents?: Type<AgentHandler>[];
  modules?: (Type | DynamicModule)[];
}

/** The whole gateway in this process on SQLite, asked without a socket. */
export class TestGateway {
  private constructor(readonly app: NestFastifyApplication) {}

  static async start(options: TestGatewayOptions = {}): Promise<TestGateway> {
    const { env = {}, files = {}, worker = true, agents = TEST_AGENTS, modules = [] } = options;
    const workspace = makeWorkspace({ ...TEST_FILES, ...files });
    const loaded = loadGatewayConfig({
      workspace,
      env: {
        LONGHAUL_QUEUE__BACKEND: 'memory',
        LONGHAUL_QUEUE__DRAIN_TIMEOUT_S: '0',
        LONGHAUL_QUEUE__WORKERS: '20',
        ...env,
      },
    });
    const { config } = loaded;
    const gateway = CoreModule.forRoot({ loaded, workspace, agents });
    const workers = worker ? [WorkerModule.forRoot({ config, version: '0.0.0', healthPort: 0 })] : [];
    const app = await createApi({ gateway, config, modules: [...workers, ...modules], logger: false });
    if (worker) app.connectMicroservice(queueTransport);
    await app.init();
    if (worker) await app.startAllMicroservices();
    await app.getHttpAdapter().getInstance().ready();
    return new TestGateway(app);
  }

  /** For those who want a socket: its URL. */
  async listen(): Promise<string> {
    await this.app.listen(0, '127.0.0.1');
    return this.app.getUrl();
  }

  stop(): Promise<void> {
    return this.app.close();
  }

  get(url: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.ask({ method: 'GET', url, headers });
  }

  post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.raw(url, JSON.stringify(body), { 'content-type': 'application/json', ...headers });
  }

  /** The text as it is, with these headers and no others. */
  raw(url: string, payload: string | Buffer, headers: Record<string, string>): Promise<Answer> {
    return this.ask({ method: 'POST', url, headers, payload });
  }

  async ask(request: {
    method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';
    url: string;
    headers?: Record<string, string>;
    payload?: string | Buffer;
  }): Promise<Answer> {
    const { statusCode: status, headers, payload: text } = await this.app.inject(request);
    const isJson = String(headers['content-type']).includes('json');
    return { status, headers, text, body: (isJson ? JSON.parse(text) : {}) as Answer['body'] };
  }

  /** A submission that is not waited for, by its id. */
  async submit(agent: string, body: object, headers: Record<string, string> = {}): Promise<string> {
    const answer = await this.post(`/v1/agents/${agent}/chat`, body, { prefer: 'respond-async', ...headers });
    if (answer.status !== 202) throw new Error(`${answer.status} ${answer.text}`);
    return String(answer.body['execution_id']);
  }
}
