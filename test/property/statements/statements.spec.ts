import { faults } from '@longhaul/kernel';
import fc from 'fast-check';
import { describeOnDatabases } from '../../support/databases';
import { type Action, ACTIONS, CHAPTERS } from './action';
import { ROUNDS, STORIES } from './regressions';
import type { Traffic } from './scheduled-database';
import { commandsToReplay, SEARCH_MS, searching } from './settings';
import { Deed, inRounds, Story } from './stories';

const RUNS = 30;
/** What happens together in PostgreSQL is not the same twice: a breach is looked for until it is seen. */
const RUNS_UNTIL_SEEN = 1_000;
const HOW_LONG_MS = SEARCH_MS + 60_000;

describeOnDatabases('The statements', (get) => {
  const oneByOne = () =>
    fc.asyncProperty(
      fc.commands(
        [
          ...ACTIONS.map((action) => action.map((its) => new Deed(its))),
          ...CHAPTERS.map((chapter) => chapter.map((its) => new Deed(...its))),
        ],
        { maxCommands: 60, size: 'max', ...(commandsToReplay === undefined ? {} : { replayPath: commandsToReplay }) },
      ),
      async (deeds) => {
        const story = await Story.begin(get());
        await fc.asyncModelRun(() => ({ model: story.model, real: story }), deeds);
        await story.ends();
      },
    );

  const together = () =>
    fc.asyncProperty(
      fc.array(fc.array(fc.oneof(...ACTIONS), { minLength: 1, maxLength: 5 }), {
        minLength: 3,
        maxLength: 20,
        size: 'max',
      }),
      fc.scheduler(),
      fc.constantFrom<Traffic[]>('queued', 'together'),
      (rounds: Action[][], scheduler, traffic) => inRounds(get(), rounds, scheduler, traffic),
    );

  for (const { found, actions } of STORIES) {
    it(`do not again: ${found}`, async () => {
      const story = await Story.begin(get());
      for (const action of actions) await story.goesOn(action);
      await story.ends();
    });
  }
  for (const { found, rounds, order } of ROUNDS) {
    it(`do not again: ${found}`, () => inRounds(get(), rounds, fc.schedulerFor(order), 'queued'));
  }

  it(
    'answer and store what the rules of the explorer say, whatever happens one after the other',
    () => fc.assert(oneByOne(), searching(RUNS)),
    HOW_LONG_MS,
  );

  it('keep every promise, whatever happens at once', () => fc.assert(together(), searching(RUNS)), HOW_LONG_MS);

  describe('are seen to break a promise', () => {
    afterEach(() => faults.arm({}));

    it.each(['fence', 'claim-condition', 'cancel-beats-retry'] as const)(
      'without: %s',
      async (protection) => {
        faults.arm({ off: [protection] });
        const search = {
          numRuns: RUNS_UNTIL_SEEN,
          endOnFailure: true,
          seed: 1,
          interruptAfterTimeLimit: SEARCH_MS / 2,
        };
        expect(await fc.check(oneByOne(), search)).toMatchObject({ failed: true });
        expect(await fc.check(together(), search)).toMatchObject({ failed: true });
      },
      HOW_LONG_MS,
    );
  });
});
