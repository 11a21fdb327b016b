// The agent of the fault suite, as an extension of its workspace: it does what its input says, op by op.
const { defineAgent, PermanentError, RetryableError } = require('longhaul');

/** A pause that ends with the run. */
function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

/**
 * Does something to the outside world: see effect-ledger.ts. It is done when it is sent, whatever becomes of us. Answers
 * how often it was done for this execution.
 */
async function effect(context, name, step) {
  const { executionId, runId, attempt } = context;
  const response = await fetch(process.env.FAULT_LEDGER_URL, {
    method: 'POST',
    body: JSON.stringify({ name, executionId, runId, attempt, ...step }),
    signal: context.signal,
  });
  return (await response.json()).times;
}

const OPS = {
  sleep: ({ ms }, context) => pause(ms, context.signal),
  /** Ignores that it should stop. */
  deaf: ({ ms }) => new Promise((resolve) => setTimeout(resolve, ms)),
  effect: async ({ name }, context) => void (await effect(context, name)),
  /** The first run of an execution that comes here carries out `does`; it is known by its effect of this name. */
  first: async ({ name, does }, context) => {
    if ((await effect(context, name)) === 1) await OPS[does.op](does, context);
  },
  step: ({ key, effects, name = key, ms = 0 }, context) =>
    context.step.run(
      key,
      async ({ idempotencyKey }) => {
        await effect(context, name, { stepKey: key, idempotencyKey });
        await pause(ms, context.signal);
        return { by: context.runId };
      },
      effects ? { effects } : {},
    ),
  /** Asks a person for 40 euro, and does what was approved: `name` and the euro of the approved arguments. */
  approved: async ({ key, name = key, expiresInMs, onExpiry }, context) => {
    const asked = { subject: key, arguments: { euro: 40 }, expiresInMs, onExpiry };
    const { approved, arguments: args } = await context.step.waitForApproval(`${key}:approval`, asked);
    if (!approved) return null;
    const pay = ({ idempotencyKey }) => effect(context, `${name} ${args.euro}`, { stepKey: key, idempotencyKey });
    return context.step.run(key, pay, { effects: 'at_most_once' });
  },
  /** Has so many others do `does`, all at once, and waits for them. */
  join: async ({ key, count, does }, context) => {
    const ask = (n) => context.step.invoke(`${key}:${n}`, { agent: 'work', input: { do: does } });
    return Promise.all(Array.from({ length: count }, (_, n) => ask(n)));
  },
  say: async ({ times = 1, text = 'word ' }, context) => {
    for (let index = 0; index < times; index += 1) {
      await context.events.append('output.delta', { step_id: 'none', channel: 'text', index, text });
    }
  },
  /** The event loop of the worker stands still. */
  block: ({ ms }) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms),
  crash: () => process.kill(process.pid, 'SIGKILL'),
  oom: () => {
    const all = [];
    for (;;) all.push(Array.from({ length: 1_000_000 }, () => all.length));
  },
  fail: ({ times = Infinity, kind = 'retryable', retryAfterMs }, { attempt }) => {
    if (attempt > times) return;
    throw kind === 'permanent' ? new PermanentError('as asked') : new RetryableError('as asked', { retryAfterMs });
  },
};

const run = async (context) => {
  const results = [];
  // A chat brings them as its context.
  const { do: ops } = context.input.context ?? context.input;
  for (const op of ops) results.push((await OPS[op.op](op, context)) ?? null);
  return { output: { results, attempt: context.attempt, runId: context.runId } };
};

exports.Work = defineAgent({ id: 'work', executionMode: 'async', timeoutS: 120 }, run);
