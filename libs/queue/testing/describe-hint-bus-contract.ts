import { AsyncLocalStorage } from 'node:async_hooks';
import { newId } from '@longhaul/kernel';
import { eventually } from '../../../test/support/eventually';
import type { Hint, HintBus } from '../src';
import { newLane } from './queue-clients';
import type { HintBusHarness } from './queue-harness';

/** The contract of `HintBus`, as tests. Hints may be lost, so each is sent until it was heard. */
export function describeHintBusContract(name: string, harness: HintBusHarness): void {
  const { inject, broker } = harness;

  describe(`${name} as a HintBus`, () => {
    const opened: HintBus[] = [];

    async function open(): Promise<HintBus> {
      const bus = harness.bus();
      await bus.open();
      opened.push(bus);
      return bus;
    }

    afterEach(async () => {
      await Promise.all(opened.splice(0).map((bus) => bus.close()));
    });

    it('carries each kind of hint to every process, the sender included', async () => {
      const [sender, other] = [await open(), await open()];
      const [atSender, atOther] = [heardBy(sender), heardBy(other)];
      const hints: Hint[] = [
        { kind: 'lane', lane: newLane() },
        { kind: 'execution', executionId: newId('exec') },
        { kind: 'events', executionId: newId('exec') },
        { kind: 'cancel', executionId: newId('exec') },
        { kind: 'drain', workerId: newId('wrk') },
        { kind: 'delivery' },
        { kind: 'endpoints' },
      ];
      for (const hint of hints) sender.publish(hint);
      await eventually(() => atSender.length >= hints.length && atOther.length >= hints.length);
      expect(atSender).toEqual(hints);
      expect(atOther).toEqual(hints);
    });

    it('calls a listener as from where it subscribed, whoever sends the hint', async () => {
      const bus = await open();
      const storage = new AsyncLocalStorage<string>();
      const calledIn: (string | undefined)[] = [];
      bus.subscribe(() => calledIn.push(storage.getStore()));
      storage.run('the sender', () => bus.publish({ kind: 'delivery' }));
      await eventually(() => calledIn.length > 0);
      expect(calledIn).toEqual([undefined]);
    });

    it('tells a listener nothing more once it has unsubscribed', async () => {
      const bus = await open();
      const [first, second] = [newId('exec'), newId('exec')];
      const gone: Hint[] = [];
      const unsubscribe = bus.subscribe((hint) => gone.push(hint));
      const staying = heardBy(bus);
      bus.publish({ kind: 'execution', executionId: first });
      await eventually(() => staying.length === 1);
      unsubscribe();
      bus.publish({ kind: 'execution', executionId: second });
      await eventually(() => staying.length === 2);
      expect(gone).toEqual([{ kind: 'execution', executionId: first }]);
    });

    (inject ? it : it.skip)('passes over what is no hint', async () => {
      const bus = await open();
      const heard = heardBy(bus);
      const executionId = newId('exec');
      for (const payload of ['{"kind":', 'null', '{"kind":"shutdown"}', '{"kind":"lane"}', '[1]'])
        await inject?.(payload);
      bus.publish({ kind: 'cancel', executionId });
      await eventually(() => heard.length > 0);
      expect(heard).toEqual([{ kind: 'cancel', executionId }]);
    });

    (broker ? it : it.skip)(
      'drops hints without a word while the broker is away, and hears again when it is back',
      async () => {
        const [sender, other] = [await open(), await open()];
        const heard = heardBy(other);
        await broker?.down();
        for (let n = 0; n < 100; n += 1) sender.publish({ kind: 'lane', lane: newLane() });
        await broker?.up();
        await eventually(
          () => {
            sender.publish({ kind: 'lane', lane: newLane() });
            return heard.length > 0;
          },
          { timeoutMs: 30_000, intervalMs: 100 },
        );
      },
      120_000,
    );
  });
}

function heardBy(bus: HintBus): Hint[] {
  const heard: Hint[] = [];
  bus.subscribe((hint) => heard.push(hint));
  return heard;
}
