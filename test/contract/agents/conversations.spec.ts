import { ConversationsService } from '@longhaul/agents';
import type { Database } from '@longhaul/database';
import {
  Conversation,
  ConversationsReader,
  type Execution,
  type ExecutionContext,
  type SubmitCommand,
  TransitionParticipants,
} from '@longhaul/executions';
import { Invariants, submitCommand } from '@longhaul/executions/testing';
import { type JsonValue, LonghaulError, newId } from '@longhaul/kernel';
import { ConversationHistory } from '../../../libs/agents/src/conversations/conversation-history';
import { MessageLog } from '../../../libs/agents/src/conversations/message-log';
import { requestCancel } from '../../../libs/executions/src/statements/cancel';
import { claimAll } from '../../../libs/executions/src/statements/claim';
import { endRuns, type RunEnding } from '../../../libs/executions/src/statements/end-run';
import { submitAll } from '../../../libs/executions/src/statements/submit';
import { describeOnDatabases } from '../../support/databases';
import { empty, registeredWorker } from '../executions/fixtures';

const BOOM = { code: 'agent_error', message: 'boom', retryable: false };

describeOnDatabases('A conversation', (get) => {
  let database: Database;
  let conversations: ConversationsService;
  let worker: string;
  const participants = new TransitionParticipants();
  participants.register(new MessageLog());

  beforeAll(async () => {
    database = get().database;
    const reader = new ConversationsReader(get().dataSource.getRepository(Conversation));
    conversations = new ConversationsService(database, reader);
  });
  beforeEach(async () => {
    await empty(database);
    worker = await registeredWorker(database);
  });
  afterEach(async () => {
    expect(await new Invariants(database).violations()).toEqual([]);
  });

  async function ask(message: string, more: Partial<SubmitCommand> = {}): Promise<Execution> {
    const command = submitCommand({ isTurn: true, input: { message }, ...more });
    const [outcome] = await submitAll(database, [command], 1_000_000, participants);
    if (!outcome || outcome instanceof LonghaulError) throw outcome ?? new Error('no outcome');
    return outcome.execution;
  }

  async function run({ id }: Execution, ending: RunEnding): Promise<void> {
    const [claim] = await claimAll(database, [{ executionId: id, workerId: worker, solo: true }], participants);
    if (claim?.kind !== 'claimed') throw new Error(`not claimed but ${claim?.kind}`);
    const { runId, epoch } = claim.execution;
    await endRuns(database, [{ fence: { executionId: id, runId, workerId: worker, epoch }, ending }], participants);
  }
  const answer = (turn: Execution, output: JsonValue) => run(turn, { kind: 'completed', output, usage: null });

  /** Turns `q1`/`a1` to `qn`/`an`, answered, and one more that is not. */
  async function talk(turns: number): Promise<Execution> {
    const conversationId = newId('conv');
    for (let n = 1; n <= turns; n += 1) await answer(await ask(`q${n}`, { conversationId }), { text: `a${n}` });
    return ask('next', { conversationId });
  }

  const messages = async ({ conversationId, owner }: Execution, after = 0, limit = 100) =>
    (await conversations.messagesAfter(conversationId, owner, after, limit)).map(({ seq, role, text }) => [
      seq,
      role,
      text,
    ]);

  function before({ id, conversationId, turn }: Execution, window = { messages: 40, chars: 60_000 }) {
    const history = new ConversationHistory(database, { history: window } as never);
    return history.before({ executionId: id, conversationId, turn } as ExecutionContext);
  }
  const texts = async (...args: Parameters<typeof before>) => (await before(...args)).map(({ text }) => text);

  it('keeps the question with the acceptance and the answer with the completion, in the order of the turns', async () => {
    const first = await ask('one');
    const second = await ask('two', { conversationId: first.conversationId });
    expect(await messages(first)).toEqual([
      [1, 'user', 'one'],
      [3, 'user', 'two'],
    ]);
    await answer(first, { text: 'eins' });
    await answer(second, 'zwei');
    expect(await messages(first)).toEqual([
      [1, 'user', 'one'],
      [2, 'assistant', 'eins'],
      [3, 'user', 'two'],
      [4, 'assistant', 'zwei'],
    ]);
    expect(await messages(first, 1, 2)).toEqual([
      [2, 'assistant', 'eins'],
      [3, 'user', 'two'],
    ]);
    const [row] = await conversations.messagesAfter(first.conversationId, 'local', 3, 1);
    expect(row).toMatchObject({ executionId: second.id, owner: 'local' });
  });

  it.each<[JsonValue, string]>([
    ['text', 'text'],
    [{ text: 'text', more: 1 }, 'text'],
    [{ exit_code: 0 }, '{"exit_code":0}'],
    [null, 'null'],
    [{ text: 'nul \u0000 and half \ud83d' }, 'nul \ufffd and half \ufffd'],
  ])('keeps what an agent answers as text: %j', async (output, text) => {
    const turn = await ask('?');
    await answer(turn, output);
    expect((await messages(turn)).at(-1)).toEqual([2, 'assistant', text]);
  });

  it('keeps nothing of what is no turn', async () => {
    const execution = await ask('?', { isTurn: false });
    await answer(execution, 'x');
    await expect(messages(execution)).rejects.toMatchObject({ code: 'not_found' });
    expect(await database.read('SELECT * FROM messages')).toEqual([]);
  });

  describe('as a model is sent it', () => {
    it('has the earlier turns, oldest first, and not the message that is asked', async () => {
      expect(await before(await talk(2))).toEqual([
        { role: 'user', text: 'q1' },
        { role: 'assistant', text: 'a1' },
        { role: 'user', text: 'q2' },
        { role: 'assistant', text: 'a2' },
      ]);
    });

    it('is empty for a first turn, and for what is no turn', async () => {
      const turn = await talk(0);
      expect(await before(turn)).toEqual([]);
      const { conversationId } = turn;
      expect(await before(await ask('?', { conversationId, isTurn: false }))).toEqual([]);
    });

    it('leaves out turns that were not answered', async () => {
      const { conversationId } = await talk(1);
      const [open] = await database.read('SELECT id FROM executions WHERE completed_at IS NULL');
      await requestCancel(database, String(open?.id), 'local', participants);
      await run(await ask('fails', { conversationId }), { kind: 'failed', error: BOOM });
      await answer(await ask('q4', { conversationId }), { text: 'a4' });
      expect(await texts(await ask('now', { conversationId }))).toEqual(['q1', 'a1', 'q4', 'a4']);
    });

    it.each([
      [40, 60_000, ['q1', 'a1', 'q2', 'a2', 'q3', 'a3']],
      [4, 60_000, ['q2', 'a2', 'q3', 'a3']],
      [3, 60_000, ['q3', 'a3']],
      [1, 60_000, []],
      [0, 60_000, []],
      [40, 11, ['q2', 'a2', 'q3', 'a3']],
      [40, 8, ['q2', 'a2', 'q3', 'a3']],
      [40, 7, ['q3', 'a3']],
      [40, 3, []],
    ])('has whole turns within %i messages and %i characters', async (count, chars, expected) => {
      expect(await texts(await talk(3), { messages: count, chars })).toEqual(expected);
    });

    it("has nothing of another owner's conversation of the same id", async () => {
      const { conversationId } = await talk(2);
      await answer(await ask('mine', { conversationId, owner: 'alice' }), 'yours');
      expect(await texts(await ask('and?', { conversationId, owner: 'alice' }))).toEqual(['mine', 'yours']);
    });
  });

  it('is listed newest first, by owner and agent', async () => {
    const turns = [await ask('1'), await ask('2', { target: 'other' }), await ask('3')];
    await ask('4', { owner: 'alice' });
    const ids = turns.map(({ conversationId }) => conversationId).toReversed();
    const list = async (...args: Parameters<ConversationsService['list']>) =>
      (await conversations.list(...args)).map(({ id }) => id);
    expect(await list('local', {}, 10)).toEqual(ids);
    expect(await list('local', {}, 10, ids[0])).toEqual(ids.slice(1));
    expect(await list('local', { agent: 'other' }, 10)).toEqual([ids[1]]);
    expect(await conversations.get(String(ids[0]), 'local')).toMatchObject({ target: 'test-agent', turns: 1 });
  });

  describe('that is deleted', () => {
    it('is gone with its messages, while its executions stay, and its id begins anew', async () => {
      const turn = await talk(2);
      await answer(turn, 'x');
      const { conversationId } = turn;
      await conversations.delete(conversationId, 'local');
      await expect(messages(turn)).rejects.toMatchObject({ code: 'not_found' });
      await expect(conversations.delete(conversationId, 'local')).rejects.toMatchObject({ code: 'not_found' });
      expect(await database.read('SELECT id FROM executions')).toHaveLength(3);
      const anew = await ask('hello again', { conversationId });
      expect(anew.turn).toBe(1);
      await answer(anew, 'who are you');
      expect(await texts(await ask('still', { conversationId }))).toEqual(['hello again', 'who are you']);
    });

    it('is not while a turn of it is not over, and says which', async () => {
      const turn = await talk(1);
      const error = { code: 'conversation_busy', details: { execution_id: turn.id } };
      await expect(conversations.delete(turn.conversationId, 'local')).rejects.toMatchObject(error);
      expect(await messages(turn)).toHaveLength(3);
      await answer(turn, 'x');
      await conversations.delete(turn.conversationId, 'local');
    });

    it('is not that of another owner', async () => {
      const turn = await talk(1);
      await answer(await ask('mine', { conversationId: turn.conversationId, owner: 'alice' }), 'x');
      await conversations.delete(turn.conversationId, 'alice');
      expect(await messages(turn)).toHaveLength(3);
      await expect(conversations.delete(turn.conversationId, 'bob')).rejects.toMatchObject({ code: 'not_found' });
    });

    it('never leaves a turn without its conversation, however both come together', async () => {
      const conversationId = newId('conv');
      for (let n = 0; n < 15; n += 1) {
        await answer(await ask('first', { conversationId }), 'x');
        const [deleted, turn] = await Promise.all([
          conversations.delete(conversationId, 'local').then(
            () => true,
            () => false,
          ),
          ask('second', { conversationId }),
        ]);
        const seen = (await messages(turn)).map(([, , text]) => text);
        expect(seen).toEqual(deleted ? ['second'] : ['first', 'x', 'second']);
        await answer(turn, 'y');
        await conversations.delete(conversationId, 'local');
      }
    });
  });
});
