import { type Database } from '@longhaul/database';
import {
  Execution,
  type ExecutionContext,
  ExecutionEvent,
  ExecutionHandler,
  ExecutionKinds,
  ExecutionsReader,
  type ExecutionResult,
  ExecutionTargets,
  Run,
  RunAborted,
  Step,
  type StepContext,
  type StepEffects,
  TransitionParticipants,
} from '@longhaul/executions';
import { Invariants, submitCommand } from '@longhaul/executions/testing';
import { type JsonValue, LonghaulError, NoEffectError, PermanentError, RetryableError } from '@longhaul/kernel';
import { NO_METRICS } from '@longhaul/telemetry';
import { claimAll } from '../../../libs/executions/src/statements/claim';
import { endRuns } from '../../../libs/executions/src/statements/end-run';
import { endLease } from '../../../libs/executions/src/statements/leases';
import { submitAll } from '../../../libs/executions/src/statements/submit';
import { takeBack } from '../../../libs/executions/src/statements/take-back';
import { ExecutionWrites } from '../../../libs/executions/src/worker/execution-writes';
import { runExecution } from '../../../libs/executions/src/worker/run-execution';
import { MemoryHintBus } from '../../../libs/queue/src/providers/memory';
import { describeOnDatabases } from '../../support/databases';
import { empty, registeredWorker } from './fixtures';
import { eventually } from '../../support/eventually';

type Script = (context: ExecutionContext, controller: AbortController) => Promise<unknown>;

/** Something that a test lets happen when it wants it to. */
function gate<T = void>(): { passed: Promise<T>; open: (value: T) => void } {
  let open!: (value: T) => void;
  const passed = new Promise<T>((resolve) => (open = resolve));
  return { passed, open };
}

function nested(depth: number): JsonValue {
  let value: JsonValue = 1;
  for (let n = 0; n < depth; n += 1) value = [value];
  return value;
}

class AnyTarget extends ExecutionTargets {
  readonly kind = 'agent';
  find() {
    return {
      queue: 'default',
      backoff: { kind: 'fixed' as const, delayMs: 0 },
      timeoutMs: 60_000,
      idleTimeoutMs: 60_000,
    };
  }
  child = nobody;
}

const nobody = (): never => {
  throw new Error('nobody is asked for anything here: see waits.spec.ts');
};

class Scripted extends ExecutionHandler {
  readonly kind = 'agent';
  constructor(private readonly script: (context: ExecutionContext) => Promise<unknown>) {
    super();
  }
  async run(context: ExecutionContext): Promise<ExecutionResult> {
    return { output: ((await this.script(context)) ?? null) as JsonValue };
  }
}

describeOnDatabases('The step journal', (get) => {
  let database: Database;
  let writes: ExecutionWrites;
  let worker: string;
  let cut: (() => Promise<unknown>)[] = [];

  beforeAll(() => {
    database = get().database;
  });
  beforeEach(async () => {
    await empty(database);
    writes = new ExecutionWrites(database, new MemoryHintBus(), new TransitionParticipants(), NO_METRICS);
    worker = await registeredWorker(database);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await Promise.all(cut.map((end) => end()));
    cut = [];
    expect(await new Invariants(database).violations()).toEqual([]);
  });

  async function submit(): Promise<string> {
    const [outcome] = await submitAll(database, [submitCommand()], 60_000);
    if (!outcome || outcome instanceof LonghaulError) throw outcome ?? new Error('no outcome');
    return outcome.execution.id;
  }

  /** One run of it, by the present worker, to its end. */
  async function play(id: string, script: Script): Promise<Execution | null> {
    const workerId = worker;
    const [claim] = await claimAll(database, [{ executionId: id, workerId, solo: true }]);
    if (claim?.kind !== 'claimed') throw new Error(`not claimed but ${claim?.kind}`);
    const { execution, deadlineInMs } = claim;
    const fence = { executionId: id, runId: execution.runId, workerId, epoch: execution.epoch };
    const controller = new AbortController();
    const kinds = new ExecutionKinds();
    kinds.register(new Scripted((context) => script(context, controller)), new AnyTarget());
    const children = { submit: nobody };
    const ending = await runExecution({ execution, deadlineInMs, fence, controller, kinds, writes, children });
    if (!ending) return null;
    return (await endRuns(database, [{ fence, ending }]))[0] ?? null;
  }

  /** The worker dies: what it runs is taken back, and another takes its place. */
  async function loseWorker(): Promise<void> {
    await endLease(database, worker);
    await takeBack(database, 10);
    worker = await registeredWorker(database);
  }

  /** A run whose worker dies in the middle of the function of its step. `late` lets that function return after all. */
  async function cutIn(id: string, key: string, effects: StepEffects = 'repeatable', before?: Script) {
    const called = gate();
    const late = gate<string>();
    let given: StepContext | undefined;
    const run = play(id, async (context, controller) => {
      await before?.(context, controller);
      return context.step.run(
        key,
        (step) => {
          given = step;
          called.open();
          return late.passed;
        },
        { effects },
      );
    });
    await called.passed;
    const [execution] = await database.read('SELECT epoch FROM executions WHERE id = $1', [id]);
    await eventually(async () => (await row(id, key))?.epoch === execution?.epoch);
    await loseWorker();
    cut.push(() => {
      late.open('too late');
      return run;
    });
    return { step: given!, late: late.open, run };
  }

  const row = async (id: string, key: string) =>
    (await database.read('SELECT * FROM steps WHERE execution_id = $1 AND key = $2', [id, key]))[0];

  const events = async (id: string) =>
    (
      await database.read(`SELECT type, data FROM events WHERE execution_id = $1 AND type LIKE 'step.%' ORDER BY seq`, [
        id,
      ])
    ).map(({ type, data }): Record<string, unknown> => ({ type, ...(JSON.parse(data as string) as object) }));

  const types = async (id: string) => (await events(id)).map(({ type }) => type);

  /** Runs it again until it has ended, a limited number of times. */
  async function finish(id: string, script: Script): Promise<Execution> {
    for (let n = 0; n < 4; n += 1) {
      const execution = await play(id, script);
      if (execution && execution.status !== 'queued') return execution;
    }
    throw new Error('it does not end');
  }

  it('answers what a step has recorded, and tells of its beginning and its end', async () => {
    const id = await submit();
    const execution = await play(id, ({ step }) => step.run('greet', () => Promise.resolve({ text: 'hello' })));
    expect(execution).toMatchObject({ status: 'completed', output: { text: 'hello' } });
    const { id: stepId, result, ...stored } = (await row(id, 'greet'))!;
    expect(stored).toMatchObject({ effects: 'repeatable', status: 'completed', attempt: 1, epoch: 1, error: null });
    expect(JSON.parse(result as string)).toEqual({ text: 'hello' });
    expect(await events(id)).toEqual([
      { type: 'step.started', step_id: stepId, key: 'greet', effects: 'repeatable', attempt: 1 },
      { type: 'step.completed', step_id: stepId, key: 'greet' },
    ]);
  });

  it('answers in the first run what it would in a later one: what JSON keeps', async () => {
    const id = await submit();
    const given = { at: new Date(0), gone: undefined, text: 'a\0b' };
    const first = gate<unknown>();
    await cutIn(id, 'next', 'repeatable', async ({ step }) => first.open(await step.run('data', () => given)));
    const kept = { at: '1970-01-01T00:00:00.000Z', text: 'a\ufffdb' };
    expect(await first.passed).toEqual(kept);
    expect(await play(id, ({ step }) => step.run('data', () => 'other'))).toMatchObject({ output: kept });
  });

  it('keeps undefined as null', async () => {
    const id = await submit();
    await cutIn(id, 'next', 'repeatable', ({ step }) => step.run('nothing', () => undefined));
    expect(await play(id, ({ step }) => step.run<unknown>('nothing', () => 'other'))).toMatchObject({ output: null });
  });

  describe('after the worker was lost', () => {
    it('does not run again what is recorded', async () => {
      const id = await submit();
      const calls: string[] = [];
      const script: Script = async ({ step }) => {
        const a = await step.run('a', () => calls.push('a'));
        const b = await step.run('b', () => calls.push('b'));
        return [a, b];
      };
      await cutIn(id, 'c', 'repeatable', script);
      const execution = await play(id, async (context, controller) => {
        const before = await script(context, controller);
        return [before, await context.step.run('c', () => calls.push('c'))];
      });
      expect(execution).toMatchObject({ status: 'completed', attempt: 1, output: [[1, 2], 3] });
      expect(calls).toEqual(['a', 'b', 'c']);
    });

    it('refuses what the old run records, although its function comes to its end', async () => {
      const id = await submit();
      const { late, run } = await cutIn(id, 'slow');
      expect(await play(id, ({ step }) => step.run('slow', () => 'of the second run'))).toMatchObject({
        output: 'of the second run',
      });
      late('of the first run');
      expect(await run).toBeNull();
      expect(JSON.parse((await row(id, 'slow'))?.result as string)).toBe('of the second run');
      expect(await types(id)).toEqual(['step.started', 'step.started', 'step.completed']);
    });

    for (const effects of ['repeatable', 'idempotent'] as const) {
      it(`runs again what is ${effects}, as the same step and with the same key for its receiver`, async () => {
        const id = await submit();
        const { step: first } = await cutIn(id, 'pay', effects);
        let second: StepContext | undefined;
        const execution = await play(id, ({ step }) =>
          step.run('pay', (given) => (second = given).stepId, { effects }),
        );
        expect(execution).toMatchObject({ status: 'completed', output: first.stepId });
        expect(first.resumed).toBe(false);
        expect(second).toMatchObject({ resumed: true, idempotencyKey: first.idempotencyKey });
        expect(first.idempotencyKey).toMatch(/^exec_\w+-[0-9a-f]{32}$/);
        expect(await types(id)).toEqual(['step.started', 'step.started', 'step.completed']);
      });
    }

    it('does not run again what is at_most_once: the execution fails, and says what to look for', async () => {
      const id = await submit();
      const { step } = await cutIn(id, 'pay', 'at_most_once');
      const fn = jest.fn();
      const execution = await play(id, (context) => context.step.run('pay', fn, { effects: 'at_most_once' }));
      expect(execution).toMatchObject({
        status: 'failed',
        error: {
          code: 'effect_unknown',
          retryable: false,
          message: expect.stringMatching(/"pay".*at_most_once.*look whether it happened/),
          details: { step_id: step.stepId, key: 'pay' },
        },
      });
      expect(fn).not.toHaveBeenCalled();
      expect(await row(id, 'pay')).toMatchObject({ status: 'interrupted' });
      expect(await types(id)).toEqual(['step.started', 'step.failed']);
    });

    it('holds what was begun as at_most_once for that, whatever a new version of the agent calls it', async () => {
      const id = await submit();
      await cutIn(id, 'pay', 'at_most_once');
      expect(await play(id, ({ step }) => step.run('pay', () => 'again'))).toMatchObject({
        error: { code: 'effect_unknown' },
      });
    });

    it('lets an agent that can find out for itself go on, also when it is run once more', async () => {
      const id = await submit();
      await cutIn(id, 'pay', 'at_most_once');
      const script: Script = async ({ step }) => {
        const pay = step.run('pay', () => 'paid', { effects: 'at_most_once' });
        return pay.catch((error: unknown) => step.run('look', () => (error as LonghaulError).code));
      };
      await cutIn(id, 'next', 'repeatable', script);
      expect(await play(id, script)).toMatchObject({ status: 'completed', output: 'effect_unknown' });
    });

    it('throws again what a step has failed with, as long as it is the same attempt', async () => {
      const id = await submit();
      const fn = jest.fn(() => Promise.reject(new RetryableError('not today', { details: { n: 1 } })));
      const script: Script = ({ step }) => step.run('a', fn).catch((error: LonghaulError) => error);
      await cutIn(id, 'next', 'repeatable', script);
      const execution = await play(id, async (context, controller) => {
        const { code, message, retryable, details } = (await script(context, controller)) as LonghaulError;
        return { code, message, retryable, details };
      });
      expect(execution?.output).toEqual({
        code: 'agent_error',
        message: 'not today',
        retryable: true,
        details: { n: 1 },
      });
      expect(fn).toHaveBeenCalledTimes(1);
    });

    it('counts the lost leases anew once a result is recorded', async () => {
      const id = await submit();
      await cutIn(id, 'a');
      await cutIn(id, 'a');
      const interruptions = async () =>
        Number((await database.read('SELECT interruptions AS n FROM executions WHERE id = $1', [id]))[0]?.n);
      expect(await interruptions()).toBe(2);
      const execution = await play(id, async ({ step, events: log }) => {
        await log.append('output.delta', {});
        const before = await interruptions();
        await step.run('a', () => 1);
        return [before, await interruptions()];
      });
      expect(execution).toMatchObject({ output: [2, 0] });
    });
  });

  describe('a step that fails', () => {
    it('runs again in the next attempt', async () => {
      const id = await submit();
      const execution = await finish(id, ({ step, attempt }) =>
        step.run('a', () => {
          if (attempt < 3) throw new Error(`attempt ${attempt}`);
          return 'in the end';
        }),
      );
      expect(execution).toMatchObject({ status: 'completed', attempt: 3, output: 'in the end' });
      expect(await events(id)).toMatchObject([
        { type: 'step.started', attempt: 1 },
        { type: 'step.failed', error: { code: 'agent_error', message: 'attempt 1' } },
        { type: 'step.started', attempt: 2 },
        { type: 'step.failed', error: { message: 'attempt 2' } },
        { type: 'step.started', attempt: 3 },
        { type: 'step.completed' },
      ]);
    });

    it('keeps the results of those before it for the next attempt', async () => {
      const id = await submit();
      const first = jest.fn(() => 1);
      await finish(id, async ({ step, attempt }) => {
        await step.run('first', first);
        if (attempt === 1) throw new Error('afterwards');
      });
      expect(first).toHaveBeenCalledTimes(1);
    });

    it('is over for the execution when it is at_most_once and may have had its effect', async () => {
      const id = await submit();
      const fn = jest.fn(() => Promise.reject(new Error('socket hang up')));
      const execution = await play(id, ({ step }) => step.run('pay', fn, { effects: 'at_most_once' }));
      expect(execution).toMatchObject({
        status: 'failed',
        error: { code: 'effect_unknown', message: expect.stringContaining('socket hang up'), details: { key: 'pay' } },
      });
      expect(await row(id, 'pay')).toMatchObject({ status: 'failed' });
    });

    it('does not run again when it is at_most_once, although the agent went on and another attempt came', async () => {
      const id = await submit();
      const fn = jest.fn(() => Promise.reject(new PermanentError('card declined')));
      const execution = await finish(id, async ({ step, attempt }) => {
        const said = await step
          .run('pay', fn, { effects: 'at_most_once' })
          .catch((error: unknown) => (error as Error).message);
        if (attempt === 1) throw new Error('afterwards');
        return said;
      });
      expect(execution).toMatchObject({ status: 'completed', attempt: 2, output: 'card declined' });
      expect(fn).toHaveBeenCalledTimes(1);
    });

    it('runs again when it is at_most_once and says that nothing has happened', async () => {
      const id = await submit();
      const execution = await finish(id, ({ step, attempt }) =>
        step.run(
          'pay',
          () => {
            if (attempt === 1) throw new NoEffectError('connection refused');
            return 'paid';
          },
          { effects: 'at_most_once' },
        ),
      );
      expect(execution).toMatchObject({ status: 'completed', attempt: 2, output: 'paid' });
    });

    it('does not keep its siblings from recording what they do', async () => {
      const id = await submit();
      const slow = gate<string>();
      const run = play(id, ({ step }) =>
        Promise.all([
          step.run('slow', () => slow.passed, { effects: 'at_most_once' }),
          step.run('bad', () => Promise.reject(new PermanentError('no'))),
        ]),
      );
      await eventually(async () => (await row(id, 'bad'))?.status === 'failed');
      slow.open('done');
      expect(await run).toMatchObject({ status: 'failed', error: { message: 'no' } });
      expect(await row(id, 'slow')).toMatchObject({ status: 'completed' });
    });
  });

  describe('a run that is told to stop', () => {
    it('leaves a step open that does not come to its end, and the next run begins it again', async () => {
      const id = await submit();
      const released = await play(id, ({ step, signal }, controller) =>
        step.run('a', () => {
          controller.abort(new RunAborted('drain'));
          return Promise.reject(signal.reason as Error);
        }),
      );
      expect(released).toMatchObject({ status: 'queued', attempt: 1 });
      expect(await row(id, 'a')).toMatchObject({ status: 'started' });
      expect(await play(id, ({ step }) => step.run('a', ({ resumed }) => resumed))).toMatchObject({ output: true });
    });

    it('still records a result that comes', async () => {
      const id = await submit();
      const script: Script = ({ step }, controller) =>
        step.run(
          'pay',
          () => {
            controller.abort(new RunAborted('drain'));
            return 'paid';
          },
          { effects: 'at_most_once' },
        );
      await play(id, async (context, controller) => {
        await script(context, controller);
        return context.step.run('next', () => 'never begun');
      });
      expect(await play(id, script)).toMatchObject({ status: 'completed', output: 'paid', attempt: 1 });
    });

    it('does not know of an at_most_once step that was cut whether it had its effect', async () => {
      const id = await submit();
      await play(id, ({ step, signal }, controller) =>
        step.run(
          'pay',
          () => {
            controller.abort(new RunAborted('drain'));
            return Promise.reject(signal.reason as Error);
          },
          { effects: 'at_most_once' },
        ),
      );
      const again = play(id, ({ step }) => step.run('pay', () => 'paid', { effects: 'at_most_once' }));
      expect(await again).toMatchObject({ status: 'failed', error: { code: 'effect_unknown' } });
    });

    it('records a definite refusal of an at_most_once step that comes all the same', async () => {
      const id = await submit();
      const script: Script = ({ step }, controller) =>
        step.run(
          'pay',
          () => {
            controller.abort(new RunAborted('drain'));
            throw new PermanentError('the card was declined');
          },
          { effects: 'at_most_once' },
        );
      expect(await play(id, script)).toMatchObject({ status: 'queued' });
      expect(await row(id, 'pay')).toMatchObject({ status: 'failed' });
      expect(await play(id, script)).toMatchObject({ status: 'failed', error: { message: 'the card was declined' } });
    });

    it('knows that it did nothing when that was before the function was called', async () => {
      const id = await submit();
      const fn = jest.fn(() => 'paid');
      const script: Script = ({ step }) => step.run('pay', fn, { effects: 'at_most_once' });
      const released = await play(id, (context, controller) => {
        const run = script(context, controller);
        controller.abort(new RunAborted('drain'));
        return run;
      });
      expect(released).toMatchObject({ status: 'queued' });
      expect(fn).not.toHaveBeenCalled();
      expect(await row(id, 'pay')).toMatchObject({ status: 'interrupted' });
      expect(await play(id, script)).toMatchObject({ status: 'completed', output: 'paid', attempt: 1 });
    });
  });

  describe('the beginning of a step', () => {
    it('leaves no doubt about an at_most_once step that was not called, because the answer to it was lost', async () => {
      const id = await submit();
      const fn = jest.fn(() => 'paid');
      const script: Script = ({ step }) => step.run('pay', fn, { effects: 'at_most_once' });
      const add = writes.events.add.bind(writes.events);
      jest.spyOn(writes.events, 'add').mockImplementationOnce(async (request) => {
        await add(request);
        throw new Error('the connection was lost');
      });
      expect(await play(id, script)).toMatchObject({ status: 'queued', error: { code: 'unavailable' } });
      expect(fn).not.toHaveBeenCalled();
      expect(await play(id, script)).toMatchObject({ status: 'completed', output: 'paid', attempt: 2 });
    });

    for (const effects of ['idempotent', 'at_most_once'] as const) {
      it(`is stored before the function is called when it is ${effects}`, async () => {
        const id = await submit();
        const seen = play(id, ({ step }) => step.run('a', async () => (await row(id, 'a'))?.status, { effects }));
        expect(await seen).toMatchObject({ output: 'started' });
      });
    }

    it('is stored while the function runs when it is repeatable; a quick one shares the commit with its result', async () => {
      const id = await submit();
      const write = jest.spyOn(database, 'write');
      const commits = () => write.mock.calls.length;
      const execution = await play(id, async ({ step }) => {
        const before = commits();
        const inside = await step.run('a', () => Promise.resolve(commits()));
        return [inside - before, commits() - before];
      });
      expect(execution).toMatchObject({ output: [0, 1] });
    });
  });

  describe('a programming error', () => {
    const wrong: Record<string, [RegExp, Script]> = {
      'an empty key': [/a step's key is a text/, ({ step }) => step.run('', () => 1)],
      'no key': [/a step's key is a text/, ({ step }) => step.run(undefined as never, () => 1)],
      'a long key': [/has 201 characters, 200 at most/, ({ step }) => step.run('k'.repeat(201), () => 1)],
      'a key with NUL': [/no database stores/, ({ step }) => step.run('a\0', () => 1)],
      'half a character': [/no database stores/, ({ step }) => step.run('\ud800', () => 1)],
      'a key that comes twice': [
        /"a" was used before in this run.*"a:2"/,
        ({ step }) => step.run('a', () => 1).then(() => step.run('a', () => 2)),
      ],
      'a key that comes twice at once': [
        /"a" was used before/,
        ({ step }) => Promise.all([step.run('a', () => 1), step.run('a', () => 2)]),
      ],
      'effects that there are not': [
        /one of repeatable, idempotent, at_most_once; got once/,
        ({ step }) => step.run('a', () => 1, { effects: 'once' as never }),
      ],
      'a result that is no JSON': [/of step "a" is not JSON \(Do not know/, ({ step }) => step.run('a', () => 1n)],
      'a result that is a function': [/of step "a" is not JSON/, ({ step }) => step.run('a', () => () => 1)],
      'a result that is too large': [
        /of step "a" has 5.1 MB as JSON, 5 at most: store it elsewhere/,
        ({ step }) => step.run('a', () => 'x'.repeat(5 * 1_048_576)),
      ],
    };
    for (const [what, [message, script]] of Object.entries(wrong)) {
      it(`such as ${what} fails the execution at once and says what is wrong`, async () => {
        const id = await submit();
        expect(await play(id, script)).toMatchObject({
          status: 'failed',
          attempt: 1,
          error: { retryable: false, message: expect.stringMatching(message) },
        });
      });
    }
  });

  it('names the step whose result the database does not take, such as one nested too deep for SQLite', async () => {
    const id = await submit();
    const execution = await play(id, ({ step }) => step.run('deep', () => nested(1_100)));
    const message = expect.stringContaining('the result of step "deep" cannot be stored') as unknown;
    const refused = { status: 'failed', error: { retryable: false, message } };
    expect(execution).toMatchObject(database.dialect.name === 'sqlite' ? refused : { status: 'completed' });
  });

  it('takes the longest key and the strangest', async () => {
    const id = await submit();
    const keys = ['k'.repeat(200), 'é'.repeat(200), `'; DROP TABLE steps; --`, 'a "b" \\ 🦊', ' '];
    const execution = await play(id, ({ step }) => Promise.all(keys.map((key) => step.run(key, () => key))));
    expect(execution).toMatchObject({ status: 'completed', output: keys });
    expect((await events(id)).filter(({ type }) => type === 'step.completed').map(({ key }) => key)).toEqual(keys);
  });

  it('groups the steps of several runs, each with its own order of events', async () => {
    const ids = await Promise.all(Array.from({ length: 4 }, submit));
    const all = gate();
    let begun = 0;
    const write = jest.spyOn(database, 'write');
    const runs = ids.map((id) =>
      play(id, ({ step }) =>
        Promise.all(
          Array.from({ length: 32 }, (_, n) =>
            step.run(`part:${n}`, async () => {
              begun += 1;
              if (begun === 4 * 32) all.open();
              await all.passed;
              return n;
            }),
          ),
        ),
      ),
    );
    for (const execution of await Promise.all(runs)) {
      expect(execution).toMatchObject({ status: 'completed', output: Array.from({ length: 32 }, (_, n) => n) });
    }
    // 256 facts, and 8 writes for the claims and the ends.
    expect(write.mock.calls.length).toBeLessThan(64);
    for (const id of ids) {
      const said = await events(id);
      expect(said).toHaveLength(64);
      for (let n = 0; n < 32; n += 1) {
        const of = said.filter(({ key }) => key === `part:${n}`).map(({ type }) => type);
        expect(of).toEqual(['step.started', 'step.completed']);
      }
    }
  });

  it('counts what a step says that it spent, once, also when it is replayed or fails', async () => {
    const id = await submit();
    const usage = { input_tokens: 1, output_tokens: 2, cost_usd: 0.5 };
    const script: Script = async ({ step }) => {
      await step.run('good', ({ tell }) => tell({ model: 'm' }, usage));
      await step.run('bad', ({ tell }) => {
        tell({ model: 'm' }, usage);
        throw new Error('no');
      });
    };
    await cutIn(id, 'next', 'repeatable', (context, controller) => script(context, controller).catch(() => undefined));
    const execution = await play(id, script);
    expect(execution).toMatchObject({ usage: { input_tokens: 2, output_tokens: 4, cost_usd: 1 } });
    expect((await events(id)).filter(({ model }) => model === 'm').map(({ type }) => type)).toEqual([
      'step.completed',
      'step.failed',
    ]);
  });

  it('is not read for a first run, nor for one without steps', async () => {
    const read = jest.spyOn(writes, 'stepsOf');
    const id = await submit();
    await cutIn(id, 'a');
    await play(id, async () => Promise.reject(new RetryableError('later', { retryAfterMs: 0 })));
    expect(read).not.toHaveBeenCalled();
    await play(id, ({ step }) => Promise.all([step.run('a', () => 1), step.run('b', () => 2)]));
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('costs an attempt when it cannot be read, and says so', async () => {
    const id = await submit();
    await cutIn(id, 'a');
    jest.spyOn(writes, 'stepsOf').mockRejectedValueOnce(new Error('the database is away'));
    expect(await play(id, ({ step }) => step.run('a', () => 1))).toMatchObject({
      status: 'queued',
      error: { code: 'unavailable', message: expect.stringContaining('the database is away') },
    });
    expect(await play(id, ({ step }) => step.run('a', () => 1))).toMatchObject({ status: 'completed', attempt: 2 });
  });

  it('begins nothing behind a result that cannot be read, such as what an agent does to undo it', async () => {
    const id = await submit();
    const done: string[] = [];
    const booking: Script = async ({ step }) => {
      await step.run('small', () => done.push('small'));
      try {
        const booked = await step.run('large', () => 'x'.repeat(70_000 + done.push('large')));
        return booked.length;
      } catch {
        await step.run('undo', () => done.push('undo')).catch(() => undefined);
        return 'undone';
      }
    };
    await cutIn(id, 'cut', 'repeatable', booking);
    const read = database.read.bind(database);
    let lost = 0;
    jest.spyOn(database, 'read').mockImplementation((sql, params) => {
      if (lost > 0 || !sql.includes('FROM step_values')) return read(sql, params);
      lost += 1;
      return Promise.reject(new Error('the connection was lost'));
    });
    expect(await play(id, booking)).toMatchObject({
      status: 'queued',
      error: { code: 'unavailable', message: expect.stringContaining('the connection was lost') as string },
    });
    expect(await play(id, booking)).toMatchObject({ status: 'completed', attempt: 2, output: 70_002 });
    expect({ lost, done }).toEqual({ lost: 1, done: ['small', 'large'] });
  });

  it('shows the steps in the order in which they were begun, the results only to those who ask', async () => {
    const id = await submit();
    await play(id, async ({ step }) => {
      await step.run('z', () => ({ n: 1 }));
      await step.run('a', () => 'text');
      await step.run('m', () => null);
    });
    const { dataSource } = get();
    const reader = new ExecutionsReader(
      database,
      dataSource.getRepository(Execution),
      dataSource.getRepository(ExecutionEvent),
      dataSource.getRepository(Run),
      dataSource.getRepository(Step),
    );
    const execution = await reader.get(id, 'local');
    const plain = await reader.stepsOf(execution);
    expect(plain.map(({ key, status }) => [key, status])).toEqual(['z', 'a', 'm'].map((key) => [key, 'completed']));
    expect(plain.every((step) => step.result === undefined)).toBe(true);
    const { steps: whole } = await reader.resultsAfter(execution, null, 10);
    expect(whole.map(({ result }) => result)).toEqual([{ n: 1 }, 'text', null]);
  });
});
