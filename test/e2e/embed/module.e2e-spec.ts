import { join } from 'node:path';
import {
  type ArgumentsHost,
  Body,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  Injectable,
  Module,
  type ModuleMetadata,
  Post,
  ValidationPipe,
} from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Agent, type AgentHandler, type ExecutionContext, GatewayModule, GatewayService } from 'longhaul';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';
import { makeWorkspace } from '@longhaul/config/testing';
import { free } from './free';

@Injectable()
class Greetings {
  greet(name: string): string {
    return `Hello, ${name}`;
  }
}

/** A provider of the application, with what it injects: nothing of it is told to the gateway. */
@Agent({ id: 'greeter', executionMode: 'sync', inputSchema: { type: 'object', required: ['name'] } })
class GreeterAgent implements AgentHandler {
  constructor(private readonly greetings: Greetings) {}

  run({ input }: ExecutionContext) {
    return Promise.resolve(this.greetings.greet((input as { name: string }).name));
  }
}

@Controller()
class HostController {
  constructor(private readonly gateway: GatewayService) {}

  @Get('health')
  health() {
    return { host: 'fine' };
  }

  @Get('fails')
  fails(): never {
    throw new Error('of the host');
  }

  @Post('echo')
  echo(@Body() body: unknown) {
    return { body };
  }

  @Post('greet')
  async greet() {
    return { text: (await this.gateway.invoke('greeter', { name: 'Ada' })).output };
  }
}

@Catch()
class HostFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    void host
      .switchToHttp()
      .getResponse<FastifyReply>()
      .status(418)
      .send({ host: String(error) });
  }
}

const options = () => ({
  workspace: makeWorkspace({ 'agents/slow/AGENT.md': '---\nexecution_mode: async\n---\nSlow.' }),
  env: {},
  queue: { backend: 'memory' as const, drainTimeoutS: 0 },
});

describe('GatewayModule in an application of somebody else', () => {
  const started = free();

  async function host(
    imports: NonNullable<ModuleMetadata['imports']>,
    prepare: (app: NestFastifyApplication) => void = () => undefined,
  ) {
    @Module({ imports, controllers: [HostController], providers: [Greetings, GreeterAgent] })
    class HostModule {}
    const app = await NestFactory.create<NestFastifyApplication>(HostModule, new FastifyAdapter(), {
      logger: false,
      abortOnError: false,
    });
    prepare(app);
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    started(app);
    return async (method: 'GET' | 'POST', url: string, payload?: unknown, headers: Record<string, string> = {}) => {
      const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
      const body = payload === undefined ? {} : { payload: text };
      const type = payload === undefined ? {} : { 'content-type': 'application/json' };
      const answer = await app.inject({ method, url, headers: { ...type, ...headers }, ...body });
      return {
        status: answer.statusCode,
        headers: answer.headers,
        body: (answer.body ? JSON.parse(answer.body) : null) as Record<string, unknown>,
      };
    };
  }

  it('serves the API below its prefix and the global one, whose links lead there', async () => {
    const ask = await host([GatewayModule.forRoot({ ...options(), api: { prefix: 'agents' } })], (app) =>
      app.setGlobalPrefix('api'),
    );
    const accepted = await ask('POST', '/api/agents/v1/agents/slow/chat', { message: 'hello' });
    expect(accepted.status).toBe(202);
    const { execution_id: id, poll_url: url } = accepted.body;
    expect(url).toBe(`/api/agents/v1/executions/${String(id)}`);
    expect(accepted.headers['location']).toBe(url);
    expect((await ask('GET', `${String(url)}?wait=20`)).body).toMatchObject({ status: 'completed' });
    expect((await ask('GET', '/api/agents/health/ready')).status).toBe(200);
    expect((await ask('GET', '/v1/agents')).status).toBe(404);
  });

  it("runs the application's providers as agents, asked for over HTTP or in code", async () => {
    const ask = await host([GatewayModule.forRoot({ ...options(), api: { prefix: 'agents' } })]);
    const invoked = await ask('POST', '/agents/v1/agents/greeter/invoke', { input: { name: 'Bob' } });
    expect(invoked).toMatchObject({ status: 200, body: { output: 'Hello, Bob' } });
    expect((await ask('POST', '/greet')).body).toEqual({ text: 'Hello, Ada' });
  });

  it("leaves the host's routes, filter and parsers alone, and they leave ours", async () => {
    const ask = await host([GatewayModule.forRoot({ ...options(), api: { prefix: 'agents' } })], (app) => {
      app.useGlobalFilters(new HostFilter());
    });
    expect(await ask('GET', '/health')).toMatchObject({ status: 200, body: { host: 'fine' } });
    expect(await ask('GET', '/fails')).toMatchObject({ status: 418, body: { host: 'Error: of the host' } });
    expect((await ask('GET', '/agents/v1/nothing')).status).toBe(418);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await ask('POST', '/echo', 'a=1', form)).body).toEqual({ body: { a: '1' } });
    expect((await ask('POST', '/echo', { text: 'x'.repeat(300_000) })).status).toBe(201);
    expect(await ask('GET', '/agents/v1/agents/nobody')).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  // prettier-ignore
  it.each([
    ['a wrong field', { mesage: 'x' }, {}, 422, 'invalid_request'],
    ['no body', undefined, {}, 400, 'body_required'],
    ['an empty body', '', { 'content-type': 'application/json' }, 400, 'body_required'],
    ['half a body', '{"message":', {}, 400, 'invalid_json'],
    ['a prototype key', '{"message":"x","__proto__":{}}', {}, 400, 'invalid_json'],
    ['NUL', '{"message":"a\\u0000"}', {}, 422, 'invalid_request'],
    ['300 KB', { message: 'x'.repeat(300_000) }, {}, 413, 'payload_too_large'],
    ['text', 'hello', { 'content-type': 'text/plain' }, 415, 'unsupported_media_type'],
    ['a form, which the host parses', 'message=hello', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'unsupported_media_type'],
  ])('answers %s with a problem', async (_what, body, headers, status, code) => {
    const ask = await host([GatewayModule.forRoot({ ...options(), api: { prefix: 'agents' } })], (app) => {
      app.useGlobalFilters(new HostFilter());
    });
    const answer = await ask('POST', '/agents/v1/agents/slow/chat', body, headers);
    expect(answer).toMatchObject({ status, body: { code } });
    expect(answer.headers['content-type']).toContain('application/problem+json');
  });

  it('asks for API keys on its own routes only', async () => {
    const auth = { apiKeys: [{ name: 'ci', key: 'a-key-that-is-long-enough' }] };
    const ask = await host([GatewayModule.forRoot({ ...options(), auth, api: { prefix: 'agents' } })]);
    expect((await ask('GET', '/agents/v1/executions')).status).toBe(401);
    const key = { authorization: 'Bearer a-key-that-is-long-enough' };
    expect((await ask('GET', '/agents/v1/executions', undefined, key)).status).toBe(200);
    expect((await ask('GET', '/health')).status).toBe(200);
  });

  it('takes the word of the application for whose a request is', async () => {
    const owner = ({ headers }: { headers: Record<string, unknown> }) => (headers['x-user'] as string) ?? null;
    const ask = await host([GatewayModule.forRoot({ ...options(), api: { prefix: 'agents', owner } })]);
    expect((await ask('GET', '/agents/v1/executions')).status).toBe(401);
    const { body } = await ask('POST', '/agents/v1/agents/slow/chat', { message: 'x' }, { 'x-user': 'ada' });
    const url = String(body['poll_url']);
    expect((await ask('GET', url, undefined, { 'x-user': 'bob' })).status).toBe(404);
    expect((await ask('GET', url, undefined, { 'x-user': 'ada' })).status).toBe(200);
    expect((await ask('GET', '/agents/v1/workers', undefined, { 'x-user': 'ada' })).status).toBe(403);
    expect((await ask('GET', '/agents/health/live')).status).toBe(200);
  });

  it("works behind the host's own validation", async () => {
    const ask = await host([GatewayModule.forRoot({ ...options(), api: { prefix: 'agents' } })], (app) => {
      app.useGlobalPipes(new ValidationPipe({ transform: true, whitelist: true, forbidNonWhitelisted: true }));
    });
    const body = { message: 'hello', metadata: { a: 1 }, tags: ['x'] };
    expect((await ask('POST', '/agents/v1/agents/slow/chat', body)).status).toBe(202);
    expect(await ask('POST', '/agents/v1/agents/slow/chat', { mesage: 'x' })).toMatchObject({
      body: { code: 'invalid_request' },
    });
    expect((await ask('GET', '/agents/v1/executions?limit=5')).status).toBe(200);
  });

  it("takes its options from the application's providers, and keeps their configuration as it is", async () => {
    process.env['HOST_SECRET'] = 'of the host';
    @Module({ imports: [ConfigModule.forRoot({ ignoreEnvFile: true })], exports: [ConfigModule] })
    class Settings {}
    let read = '';
    const gateway = GatewayModule.forRootAsync({
      imports: [Settings],
      inject: [ConfigService],
      useFactory: (config: ConfigService) => {
        read = config.getOrThrow<string>('HOST_SECRET');
        return { ...options(), api: { prefix: 'agents' } };
      },
    });
    let seen = '';
    const ask = await host([Settings, gateway], (app) => {
      seen = app.get(ConfigService, { strict: false }).getOrThrow<string>('HOST_SECRET');
    });
    delete process.env['HOST_SECRET'];
    expect([read, seen]).toEqual(['of the host', 'of the host']);
    expect((await ask('GET', '/agents/v1/agents')).status).toBe(200);
  });

  it('does nothing, and rejects nothing, while nobody builds the application that it is imported into', async () => {
    let asked = false;
    const useFactory = (): never => {
      asked = true;
      throw new Error('no options today');
    };
    const gateway = GatewayModule.forRootAsync({ useFactory });
    expect(asked).toBe(false);
    await expect(host([gateway])).rejects.toThrow('no options today');
  });

  it("leaves TypeORM's default data source to the application", async () => {
    const own = join(makeWorkspace(), 'own.db');
    const orm = TypeOrmModule.forRoot({ type: 'better-sqlite3', database: own });
    let database: unknown;
    const ask = await host([orm, GatewayModule.forRoot({ ...options(), api: { prefix: 'agents' } })], (app) => {
      database = app.get(DataSource).options.database;
    });
    expect(database).toBe(own);
    expect((await ask('GET', '/agents/v1/executions')).status).toBe(200);
  });

  it('has no routes with api: false', async () => {
    const ask = await host([GatewayModule.forRoot({ ...options(), api: false })]);
    expect((await ask('GET', '/v1/agents')).status).toBe(404);
    expect((await ask('POST', '/greet')).status).toBe(201);
  });
});
