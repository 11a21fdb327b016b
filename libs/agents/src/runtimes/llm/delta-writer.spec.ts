import type { EventWriter } from '@longhaul/executions';
import { DeltaWriter } from './delta-writer';

/** A log that stores when it is told to. */
class SlowLog implements EventWriter {
  readonly texts: unknown[] = [];
  private readonly waiting: { resolve: () => void; reject: (reason: unknown) => void }[] = [];

  append(_: string, data: { text?: unknown }): Promise<void> {
    this.texts.push(data.text);
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  async store(failure?: Error): Promise<void> {
    const next = this.waiting.shift();
    if (failure) next?.reject(failure);
    else next?.resolve();
    await new Promise(setImmediate);
  }
}

describe('the text of a model call on its way into the log', () => {
  let log: SlowLog;
  let deltas: DeltaWriter;
  beforeEach(() => {
    log = new SlowLog();
    deltas = new DeltaWriter(log, 'step_1');
  });

  it('groups what arrives while a chunk is being stored', async () => {
    for (const text of ['a', 'b', 'c']) deltas.push(text);
    expect(log.texts).toEqual(['a']);
    await log.store();
    expect(log.texts).toEqual(['a', 'bc']);
  });

  it('appends the rest at once when the call has ended, and waits until all is stored', async () => {
    for (const text of ['a', 'b']) deltas.push(text);
    let stored = false;
    const end = deltas.end().then(() => (stored = true));
    expect(log.texts).toEqual(['a', 'b']);
    await log.store();
    expect(stored).toBe(false);
    await log.store();
    await end;
  });

  it('says nothing more once it is dropped', async () => {
    for (const text of ['a', 'b']) deltas.push(text);
    deltas.drop();
    await log.store();
    await deltas.end();
    expect(log.texts).toEqual(['a']);
  });

  it('stops with what a chunk was refused with', async () => {
    deltas.push('a');
    const refused = new Error('no lease');
    await log.store(refused);
    expect(() => deltas.push('b')).toThrow(refused);
    await expect(deltas.end()).rejects.toBe(refused);
  });

  it('takes nothing for a piece of text', async () => {
    deltas.push('');
    deltas.push('a');
    await log.store();
    await deltas.end();
    expect(log.texts).toEqual(['a']);
  });
});
