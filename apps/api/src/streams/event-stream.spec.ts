import type { ExecutionEvent } from '@longhaul/executions';
import Fastify, { type FastifyInstance } from 'fastify';
import { eventually } from '../../../../test/support/eventually';
import { EventStream, type OpenPages } from './event-stream';

const eventOf = (seq: number) =>
  ({
    executionId: 'exec_1',
    seq,
    type: 'output.delta',
    at: 0,
    runId: null,
    data: { text: 'x' },
  }) as never as ExecutionEvent;

describe('a log as server-sent events', () => {
  let instance: FastifyInstance;
  let stream: EventStream;
  let text: string;
  afterEach(() => instance.close());

  /** What a client reads of it; rejects where it breaks off. */
  async function read(open: OpenPages, live: boolean): Promise<void> {
    text = '';
    instance = Fastify();
    instance.get('/', (_request, reply) => {
      stream = new EventStream(open, live);
      return reply.type('text/event-stream').send(stream);
    });
    const response = await fetch(await instance.listen({ port: 0, host: '127.0.0.1' }));
    for await (const piece of response.body ?? []) text += Buffer.from(piece).toString();
  }

  async function* failing(): AsyncGenerator<ExecutionEvent[], void, void> {
    yield [eventOf(0)];
    await eventually(() => text.includes('id: 0'));
    throw new Error('the database is gone');
  }
  async function* endless(signal: AbortSignal): AsyncGenerator<ExecutionEvent[], void, void> {
    for (let seq = 0; !signal.aborted; seq += 1) {
      yield [eventOf(seq)];
      await eventually(() => signal.aborted || text.includes(`id: ${seq}\n`));
    }
  }

  it('breaks off, and does not end, where a stored log cannot be read on', async () => {
    await expect(read(failing, false)).rejects.toThrow('terminated');
    expect(text).toContain('id: 0');
  });

  it('breaks off where the process stops before a stored log was read', async () => {
    const reading = read(endless, false);
    await eventually(() => text.includes('id: 2'));
    stream.leave();
    await expect(reading).rejects.toThrow('terminated');
  });

  it('ends with the word to come back where a live one cannot be read on', async () => {
    await read(failing, true);
    expect(text).toMatch(/retry: \d+\n: the events could not be read \(Error\); come back with Last-Event-ID\n\n$/);
  });

  it('ends where a stored log does', async () => {
    await read(async function* () {
      yield await Promise.resolve([eventOf(0), eventOf(1)]);
    }, false);
    expect(text).toMatch(/id: 1\n.*\n.*\n\n$/);
  });
});
