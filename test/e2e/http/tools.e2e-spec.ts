import { Injectable, Module } from '@nestjs/common';
import { Ajv2020 } from 'ajv/dist/2020';
import { Tool, ToolRegistry } from '@longhaul/tools';
import { TestGateway } from './test-gateway';

@Injectable()
class Orders {
  @Tool({ description: 'Finds an order.', effects: 'repeatable', tags: ['reads_private'] })
  find_order() {
    return { id: 7 };
  }
}

@Module({ providers: [Orders] })
class OrdersModule {}

const FILES = {
  'tools/weather/TOOL.md':
    '---\ndescription: The weather.\nkind: http\nhttp: { url: "https://api.example.com/" }\n---\n',
  'tools/alert/TOOL.md': '---\ndescription: Tells us.\nkind: notify\nnotify: { channel: slack, subject: Hi }\n---\n',
  'tools/broken/TOOL.md': '---\ndescription: x\nkind: htp\n---\n',
};

describe('GET /v1/tools', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await TestGateway.start({ worker: false, files: FILES, modules: [OrdersModule] });
  });
  afterAll(() => gateway.stop());

  it('shows the tools of files and of any module, and what keeps one from being called', async () => {
    const { status, body } = await gateway.get('/v1/tools');
    expect(status).toBe(200);
    expect(body['items']).toEqual([
      expect.objectContaining({
        name: 'alert',
        available: false,
        unavailable_reason: expect.stringContaining('slack is not configured') as string,
      }),
      expect.objectContaining({
        name: 'find_order',
        kind: 'code',
        effects: 'repeatable',
        tags: ['reads_private'],
        available: true,
      }),
      {
        name: 'weather',
        description: 'The weather.',
        kind: 'http',
        parameters: { type: 'object', properties: {}, additionalProperties: false },
        effects: 'repeatable',
        tags: ['ingests_untrusted', 'sends_out'],
        requires_approval: false,
        timeout_s: 30,
        max_result_chars: 20_000,
        available: true,
      },
    ]);
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'api', ...(await gateway.get('/openapi.json')).body });
    expect(ajv.getSchema('api#/components/schemas/ToolList')?.(body)).toBe(true);
  });

  it('takes no query', async () => {
    expect((await gateway.get('/v1/tools?kind=http')).status).toBe(422);
  });

  it('is one registry with what others get', async () => {
    const call = {} as never;
    await expect(gateway.app.get(ToolRegistry).find('find_order')?.run({}, call)).resolves.toEqual({ id: 7 });
  });

  it('has a broken file told by readiness, degraded and not down', async () => {
    const { status, body } = await gateway.get('/health/ready');
    expect([status, body['status']]).toEqual([200, 'degraded']);
    expect(body['details']).toMatchObject({
      agents: { status: 'up' },
      tools: { status: 'degraded', loaded: 3, problems: ['tools/broken/TOOL.md:3'] },
    });
  });
});
