import {
  ConfigurationError,
  faults,
  isId,
  LonghaulError,
  newId,
  toFailure,
  toJsonText,
  unknownName,
  untilReady,
} from '.';

describe('ids', () => {
  it('sort in the order in which one process made them, and are recognised by their prefix', () => {
    const ids = Array.from({ length: 1_000 }, () => newId('exec'));
    expect(ids.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(ids);
    expect(ids.every((id) => isId('exec', id))).toBe(true);
    for (const other of [newId('job'), 'exec_', 'exec_../../etc', `${ids[0]}0`, ''])
      expect(isId('exec', other)).toBe(false);
  });
});

describe('unknownName', () => {
  it('says what was probably meant, and nothing when nothing is near', () => {
    expect(unknownName('field', 'mesage', ['message', 'metadata'])).toBe(
      'unknown field "mesage", did you mean "message"?',
    );
    expect(unknownName('field', 'zzz', ['message'])).toBe('unknown field "zzz"');
  });
});

describe('toJsonText', () => {
  it('makes of every value text that every database stores', () => {
    expect(JSON.parse(toJsonText({ a: '\u0000\ud83dx', b: 'C:\\u0000', c: '😀' }))).toEqual({
      a: '\ufffd\ufffdx',
      b: 'C:\\u0000',
      c: '😀',
    });
    expect(toJsonText(undefined)).toBe('null');
  });
});

describe('toFailure', () => {
  it('keeps the decision that an error carries, and takes a stranger for one that may pass', () => {
    expect(toFailure(new LonghaulError('provider_error', 'no', { retryable: false }))).toEqual({
      code: 'provider_error',
      message: 'no',
      retryable: false,
    });
    expect(toFailure('thrown text')).toEqual({ code: 'agent_error', message: 'thrown text', retryable: true });
  });
});

describe('untilReady', () => {
  it('tries again until it answers, and says why it waits', async () => {
    const said: string[] = [];
    let tries = 0;
    const attempt = () => (++tries < 2 ? Promise.reject(new Error('ECONNREFUSED')) : Promise.resolve('up'));
    const options = { name: 'Redis at h:1', limitMs: 5_000, onRetry: (message: string) => said.push(message) };
    expect(await untilReady(attempt, options)).toBe('up');
    expect(said).toEqual(['Redis at h:1 is not reachable (ECONNREFUSED); trying again in 0.25 s']);
  });

  it('gives up at the limit, and at once for what no waiting will mend', async () => {
    const options = { name: 'Redis at h:1', limitMs: 100, onRetry: () => undefined };
    await expect(untilReady(() => Promise.reject(new AggregateError([new Error('refused')])), options)).rejects.toThrow(
      'Redis at h:1 did not answer within 0.1 s (server.startup_timeout_s): refused',
    );
    const wrong = new ConfigurationError('eviction is on');
    await expect(untilReady(() => Promise.reject(wrong), { ...options, limitMs: 60_000 })).rejects.toBe(wrong);
  });
});

describe('faults', () => {
  it('refuse a plan that names what there is not, and are off without one', () => {
    expect(() => faults.arm({ off: ['fense' as 'fence'], at: {} })).toThrow(
      'no failpoint or protection is called fense',
    );
    expect(faults.off.size).toBe(0);
    expect(() => faults.at('worker.claimed')).not.toThrow();
  });

  it.each([
    { nth: 2, happens: [false, true, false] },
    { nth: 'each' as const, happens: [true, true, true] },
  ])('happen at this time that their place is passed, and at no other: $nth', ({ nth, happens }) => {
    faults.arm({ at: { 'worker.claimed': { do: { block: 30 }, nth } } });
    const took = [1, 2, 3].map(() => {
      const start = performance.now();
      faults.at('worker.claimed');
      return performance.now() - start >= 30;
    });
    faults.arm({});
    expect(took).toEqual(happens);
  });
});
