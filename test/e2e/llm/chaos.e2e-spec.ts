import { LLMock } from '@copilotkit/aimock';
import { ERROR_CODES } from '@longhaul/kernel';
import { answers, FakeLlm, says, type Reply } from '../../support/fake-llm';
import { TestGateway } from '../http/test-gateway';

const EXECUTIONS = 200;

const files = {
  'agents/steady/AGENT.md': `---
execution_mode: async
model: { name: mock/any, fallback: mock/other }
retries: { max_retries: 3, backoff: fixed, delay_s: 0 }
---
You are terse.
`,
};

async function gatewayOn(baseUrl: string): Promise<TestGateway> {
  const mock = { type: 'openai-compatible', base_url: baseUrl, first_token_timeout_s: 1, idle_timeout_s: 1 };
  return TestGateway.start({
    files,
    env: {
      LONGHAUL_PROVIDERS: JSON.stringify({ mock }),
      LONGHAUL_QUEUE__WORKERS: '50',
      LONGHAUL_QUEUE__SWEEP_INTERVAL_S: '0.1',
    },
  });
}

/** All at once; each to its end. Answers how many ended how. */
async function runAll(gateway: TestGateway): Promise<Record<string, number>> {
  const ids = await Promise.all(
    Array.from({ length: EXECUTIONS }, (_, n) => gateway.submit('steady', { message: `Question ${n}` })),
  );
  const ends = await Promise.all(ids.map((id) => endOf(gateway, id)));
  const counts: Record<string, number> = {};
  for (const end of ends) counts[end] = (counts[end] ?? 0) + 1;
  return counts;
}

async function endOf(gateway: TestGateway, id: string): Promise<string> {
  const { body } = await gateway.get(`/v1/executions/${id}?wait=60`);
  const { status, error } = body as { status: string; error?: { code: string } };
  return status === 'failed' ? `failed ${error?.code}` : status;
}

const ENDS = [
  'completed',
  ...ERROR_CODES.filter((code) => code.startsWith('provider_')).map((code) => `failed ${code}`),
];

describe(`${EXECUTIONS} executions on a model server that misbehaves`, () => {
  it('all end, each completed or failed with a typed error: scripted faults', async () => {
    const llm = await FakeLlm.start();
    const faults: Reply[] = [
      answers(429, { 'retry-after': '0' }),
      answers(500),
      answers(503),
      { kind: 'cut', text: 'Hal' },
      { kind: 'unfinished', text: 'Hal' },
      { kind: 'garbage', body: 'data: {"id":\n\n' },
      { kind: 'hang', text: 'Hal' },
      { kind: 'hang', text: '' },
      says(''),
      says('A slow answer.', { chunks: 10, delayMs: 20 }),
      answers(400),
    ];
    // Every second request is a fault, each kind in its turn: no chance, so a failure can be looked into.
    llm.reply = (_, index) => (index % 2 === 0 ? faults[(index / 2) % faults.length]! : says('Hello.', { chunks: 5 }));
    const gateway = await gatewayOn(llm.url);
    try {
      const counts = await runAll(gateway);
      expect(Object.keys(counts).filter((end) => !ENDS.includes(end))).toEqual([]);
      expect(counts['completed']).toBeGreaterThan(EXECUTIONS / 2);
      expect(counts['failed provider_error']).toBeGreaterThan(0);
    } finally {
      await gateway.stop();
      await llm.stop();
    }
  });

  it("all end, each completed or failed with a typed error: aimock's chaos", async () => {
    const mock = new LLMock({ port: 0, chunkSize: 4 });
    mock.onMessage(/.*/, { content: 'Hello from the mock.' });
    mock.setChaos({ dropRate: 0.2, malformedRate: 0.2, rateLimitRate: 0.2, disconnectRate: 0.2, latencyMs: 20 });
    await mock.start();
    const gateway = await gatewayOn(`${mock.url}/v1`);
    try {
      const counts = await runAll(gateway);
      expect(Object.keys(counts).filter((end) => !ENDS.includes(end))).toEqual([]);
      expect(counts['completed']).toBeGreaterThan(EXECUTIONS / 2);
    } finally {
      await gateway.stop();
      await mock.stop();
    }
  });
});
