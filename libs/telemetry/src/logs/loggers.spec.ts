import { Logger, type LoggerService } from '@nestjs/common';
import { JsonLogger } from './json-logger';
import { withLogFields } from './log-fields';
import type { LogOptions } from './log-options';
import { PrettyLogger } from './pretty-logger';

const IDS = {
  execution_id: 'exec_01JD8Z4M7T9QW2X5C6V8B0N3KP',
  run_id: 'run_01JD8Z4M7T9QW2X5C6V8B0N3KP',
  correlation_id: 'order-4711',
  trace_id: '0af7651916cd43dd8448eb211c80319c',
};

describe('JSON lines', () => {
  const out: string[] = [];
  const err: string[] = [];
  const to = (lines: string[]) => ({ write: (line: string) => void lines.push(line) });
  const make = (more: Partial<LogOptions> = {}) =>
    new JsonLogger({ level: 'info', secrets: [], ...more }, { out: to(out), err: to(err) });
  const last = (lines = out) => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown>;

  beforeEach(() => {
    out.splice(0);
    err.splice(0);
  });

  it('have the fields of Nest’s own, whatever is logged', () => {
    make().log('it serves', 'Worker');
    expect(last()).toEqual({
      level: 'log',
      pid: process.pid,
      timestamp: expect.any(Number),
      message: 'it serves',
      context: 'Worker',
    });
    expect(out.at(-1)).toMatch(/\}\n$/);
    make().warn('slow', { ms: 12 }, 'Worker');
    expect(last()).toMatchObject({ level: 'warn', message: 'slow', params: { ms: 12 } });
  });

  it('go to stderr when they are errors, with their stack, and to stdout when not', () => {
    make().error('it failed', 'Error: x\n    at a.js:1:1', 'Worker');
    expect(last(err)).toMatchObject({ level: 'error', message: 'it failed', stack: expect.stringContaining('a.js') });
    expect(out).toEqual([]);
  });

  it('carry the ids of the run or the request that they are written in, also later and deeper', async () => {
    const logger = make();
    await withLogFields(IDS, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      await Promise.resolve().then(() => logger.log('deep', 'X'));
    });
    expect(last()).toMatchObject({ message: 'deep', ...IDS });
    logger.log('outside', 'X');
    expect(last()).not.toHaveProperty('execution_id');
  });

  it('are as many as the level says, and none of Nest’s wiring', () => {
    const quiet = make({ level: 'warn' });
    quiet.log('a', 'X');
    quiet.warn('b', 'X');
    make().log('routes', 'RouterExplorer');
    make({ level: 'debug' }).debug('c', 'X');
    make().debug('d', 'X');
    expect(out.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual(['b', 'c']);
  });

  it('hold no secret in any field, and are JSON still', () => {
    const secrets = ['hush-hush', 'with "quotes" and \\', '176500'];
    const logger = make({ secrets });
    logger.log('the key is hush-hush', { headers: { 'x-key': 'a with "quotes" and \\ b' } }, 'X');
    logger.error('failed', 'Error: hush-hush\n    at a.js:1:1', 'X');
    withLogFields({ correlation_id: 'hush-hush' }, () => logger.log('pin 176500', 'X'));
    for (const line of [...out, ...err]) {
      expect(line).not.toContain('hush-hush');
      expect(line).not.toContain('quotes');
      expect(JSON.parse(line)).toMatchObject({ timestamp: expect.any(Number) });
    }
    expect(last()).toMatchObject({ message: 'pin [redacted]', correlation_id: '[redacted]' });
    secrets.push('came-later');
    logger.log('came-later', 'X');
    expect(last()).toMatchObject({ message: '[redacted]' });
  });

  it('hold no secret in a list, in a text that is JSON itself, or as a number', () => {
    const secrets = ['pass"wo\nrd', '17650042'];
    const logger = make({ secrets });
    const said = JSON.stringify({ key: 'my pass"wo\nrd' });
    logger.log(`it said ${said}`, { all: ['pass"wo\nrd', [{ said, pin: 17650042 }]] }, 'X');
    expect(last()).toMatchObject({
      message: 'it said {"key":"my [redacted]"}',
      params: { all: ['[redacted]', [{ said: '{"key":"my [redacted]"}', pin: '[redacted]' }]] },
    });
  });

  it('throw nothing at whoever logs, whatever that is', () => {
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    const logger: LoggerService = make();
    const hostile = {
      get broken(): string {
        throw new Error('a getter that throws');
      },
    };
    for (const odd of [circular, hostile, undefined, null, Symbol('s'), 10n, () => 1, new Error('e')])
      expect(() => logger.log(odd, 'X')).not.toThrow();
  });
});

describe('Lines for people', () => {
  function printed(secrets: string[], log: (logger: PrettyLogger) => void): string {
    const lines: string[] = [];
    const spies = [process.stdout, process.stderr].map((stream) =>
      jest.spyOn(stream, 'write').mockImplementation((line) => lines.push(String(line)) > 0),
    );
    log(new PrettyLogger({ level: 'info', secrets }));
    for (const spy of spies) spy.mockRestore();
    return lines.join('');
  }

  it('hold no secrets in lists, objects, errors, JSON and whatever else shows what it holds', () => {
    const secret = 'hush "hush"\nhush';
    class Holder {
      held = secret;
    }
    const circular: Record<string, unknown> = { deep: { list: [secret] } };
    circular.self = circular;
    const holding: unknown[] = [
      [secret],
      circular,
      { [secret]: 1 },
      new Error(`failed for ${secret}`, { cause: new Error(secret) }),
      new Map([[secret, new Set([secret])]]),
      JSON.stringify({ key: secret }),
      () => `lazily ${secret}`,
      new Holder(),
    ];
    for (const message of holding) {
      const text = printed([secret], (logger) => logger.log(message, 'X'));
      expect(text).toContain('[redacted]');
      expect(text).not.toContain('hush');
    }
    const text = printed([secret], (logger) => logger.warn('slow', { key: [secret] }, 'X'));
    expect(text).toContain('[redacted]');
    expect(text).not.toContain('hush');
    const hostile = {
      get broken(): string {
        throw new Error('a getter that throws');
      },
    };
    expect(printed([secret], (logger) => logger.log(hostile, 'X'))).toContain('Getter');
  });

  it('hold no secrets, and end with the execution that they belong to', () => {
    const lines: string[] = [];
    const spies = [process.stdout, process.stderr].map((stream) =>
      jest.spyOn(stream, 'write').mockImplementation((line) => lines.push(String(line)) > 0),
    );
    const logger = new PrettyLogger({ level: 'info', secrets: ['hush-hush'] });
    withLogFields(IDS, () => logger.warn('it is hush-hush', 'X'));
    logger.error('bad', 'Error: hush-hush\n    at a.js:1:1', 'X');
    logger.debug('too much', 'X');
    for (const spy of spies) spy.mockRestore();
    const text = lines.join('');
    expect(text).toContain(`it is [redacted] (${IDS.execution_id})`);
    expect(text).not.toContain('hush-hush');
    expect(text).not.toContain('too much');
  });
});

it('a logger of Nest’s that stands before them writes the same', () => {
  const out: string[] = [];
  const stream = { write: (line: string) => void out.push(line) };
  Logger.overrideLogger(new JsonLogger({ level: 'info', secrets: [] }, { out: stream, err: stream }));
  try {
    new Logger('Sweeper').warn('a sweep failed');
    new Logger('HTTP').error('GET / failed', new Error('x').stack);
  } finally {
    Logger.overrideLogger(false);
  }
  expect(JSON.parse(out[0] ?? '')).toMatchObject({ level: 'warn', message: 'a sweep failed', context: 'Sweeper' });
  expect(JSON.parse(out[1] ?? '')).toMatchObject({ level: 'error', context: 'HTTP', stack: expect.any(String) });
});
