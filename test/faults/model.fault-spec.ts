import { answers, FakeLlm, says, type LlmRequest, type Reply } from '../support/fake-llm';
import { STEADY } from './support/backlog';
import { describeFault } from './support/describe-fault';
import type { FaultWorld } from './support/fault-world';
import { TALKER } from './support/talker';
import type { ExecutionView } from '../support/api-client';

let llm: FakeLlm;
beforeAll(async () => {
  llm = await FakeLlm.start();
});
afterAll(() => llm.stop());

function providers(limits: object = {}): Record<string, string> {
  const local = { type: 'openai-compatible', base_url: llm.url, ...limits };
  return { ...STEADY, LONGHAUL_PROVIDERS: JSON.stringify({ local }), LONGHAUL_QUEUE__WORKERS: '8' };
}

/** Its answer to a question has the question in it, so that a stranger's is noticed. */
function answerTo({ body }: LlmRequest): string {
  return `${body.messages.at(-1)?.content ?? ''} ${'word after word, '.repeat(20)}and that was all.`;
}

function ask(world: FaultWorld, count: number): Promise<string[]> {
  return Promise.all(Array.from({ length: count }, (_, n) => world.api.submit('talker', { message: `Question ${n}` })));
}

interface LoggedEvent {
  type: string;
  data: { step_id?: string; text?: string };
}

async function logOf(world: FaultWorld, id: string): Promise<LoggedEvent[]> {
  const database = await world.database();
  const rows = await database.read('SELECT type, data FROM events WHERE execution_id = $1 ORDER BY seq', [id]);
  return rows.map(({ type, data }) => ({
    type: String(type),
    data: JSON.parse(String(data)) as LoggedEvent['data'],
  }));
}

/** What a client has on its screen that does as docs/models.md says: it adds deltas, and drops a step's at its reset. */
function onScreen(log: LoggedEvent[]): string {
  const texts = new Map<string, string>();
  for (const { type, data } of log) {
    const step = data.step_id ?? '';
    if (type === 'output.delta') texts.set(step, (texts.get(step) ?? '') + (data.text ?? ''));
    if (type === 'output.reset') texts.delete(step);
  }
  return [...texts.values()].join('');
}

/** Who completed says the whole answer to its own question, in its output and on the screen of whoever followed it. */
async function expectWholeAnswers(world: FaultWorld, ids: string[], executions: ExecutionView[]): Promise<void> {
  for (const [n, { execution_id: id, status, output }] of executions.entries()) {
    if (status !== 'completed') continue;
    const { text } = output as { text: string };
    expect([ids.indexOf(id), text]).toEqual([
      n,
      expect.stringMatching(new RegExp(`^Question ${n} .*that was all\\.$`)),
    ]);
    expect(onScreen(await logOf(world, id))).toBe(text);
  }
}

describeFault({
  id: 'F45',
  title: 'a worker is killed in the middle of its answers: another asks anew, and nobody keeps half an answer',
  on: ['redis/postgres', 'memory/sqlite'],
  alsoOn: ['rabbitmq/postgres', 'redis/sqlite'],
  files: TALKER,
  get env() {
    return providers();
  },
  async run(world) {
    llm.requests.length = 0;
    llm.reply = (request) => says(answerTo(request), { chunks: 40, delayMs: 50 });
    const worker = await world.start();
    const ids = await ask(world, 6);
    const begun = (log: LoggedEvent[]) => log.some(({ type }) => type === 'output.delta');
    await world.eventually(async () => (await Promise.all(ids.map((id) => logOf(world, id)))).some(begun));
    await worker.signal('SIGKILL');
    const cut = await Promise.all(ids.map((id) => logOf(world, id)));
    await world.startWorker();
    const executions = await world.ended(ids);
    expect(executions.filter(({ status, attempt }) => status !== 'completed' || attempt !== 1)).toEqual([]);
    await expectWholeAnswers(world, ids, executions);
    for (const [n, log] of cut.entries()) {
      if (!begun(log) || log.some(({ type }) => type === 'execution.completed')) continue;
      const now = await logOf(world, ids[n] ?? '');
      expect(now.map(({ type }) => type)).toContain('output.reset');
    }
  },
});

describeFault({
  id: 'F45',
  title: 'a model answers 429 and 500, cuts, hangs and talks nonsense, and its worker is killed: all end, for a reason',
  on: ['redis/postgres'],
  alsoOn: ['memory/sqlite', 'rabbitmq/postgres'],
  files: TALKER,
  get env() {
    return providers({ first_token_timeout_s: 2, idle_timeout_s: 2 });
  },
  async run(world) {
    const faults: Reply[] = [
      answers(429, { 'retry-after': '1' }),
      answers(500),
      { kind: 'cut', text: 'Hal' },
      { kind: 'unfinished', text: 'Hal' },
      { kind: 'garbage', body: 'data: {"id":\n\n' },
      { kind: 'hang', text: 'Hal' },
      { kind: 'hang', text: '' },
      says(''),
      answers(400),
    ];
    // Every second request is a fault, each kind in its turn: no chance, so a failure can be looked into.
    llm.requests.length = 0;
    llm.reply = (request, index) => {
      const fault = index % 2 === 0 ? faults[(index / 2) % faults.length] : undefined;
      return fault ?? says(answerTo(request), { chunks: 10, delayMs: 20 });
    };
    const worker = await world.start();
    const ids = await ask(world, 40);
    await world.eventually(() => llm.requests.length > 20);
    await worker.signal('SIGKILL');
    await world.startWorker();
    const executions = await world.ended(ids);
    const ends = executions.map(({ status, error }) => (status === 'failed' ? String(error?.code) : status));
    expect(ends.filter((end) => end !== 'completed' && !end.startsWith('provider_'))).toEqual([]);
    expect(ends.filter((end) => end === 'completed').length).toBeGreaterThan(20);
    expect(ends).toContain('provider_error');
    await expectWholeAnswers(world, ids, executions);
  },
});
