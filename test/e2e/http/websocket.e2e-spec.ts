import { Agent, type AgentHandler } from '@longhaul/agents';
import { EventFeed, type ExecutionContext } from '@longhaul/executions';
import { newId } from '@longhaul/kernel';
import { eventually } from '../../support/eventually';
import { StreamClient } from '../../support/stream-client';
import { TestGateway } from './test-gateway';

const LONG = { message: 'x', context: { demo: { sleep_ms: 600_000 } } };
const SOON = { context: { demo: { sleep_ms: 0 } } };
const range = (to: number) => Array.from({ length: to }, (_, index) => index);

/** Runs until the test lets it. */
let goOn: () => void = () => undefined;
@Agent({ id: 'patient', executionMode: 'async' })
class PatientAgent implements AgentHandler {
  async run({ progress }: ExecutionContext) {
    progress(50, 'half of it');
    await new Promise<void>((resolve) => (goOn = resolve));
    return 'done';
  }
}

describe('the WebSocket', () => {
  let gateway: TestGateway;
  let url: string;
  const open: StreamClient[] = [];
  const endless: string[] = [];
  beforeAll(async () => {
    gateway = await TestGateway.start({ agents: [PatientAgent] });
    url = await gateway.listen();
  });
  afterAll(() => gateway.stop());
  afterEach(async () => {
    for (const client of open.splice(0)) client.close();
    await Promise.all(endless.splice(0).map((id) => gateway.post(`/v1/executions/${id}/cancel`, undefined)));
  });

  async function connect(): Promise<StreamClient> {
    const client = await StreamClient.open(url);
    open.push(client);
    return client;
  }
  async function submitEndless(): Promise<string> {
    const id = await gateway.submit('slow', LONG);
    endless.push(id);
    return id;
  }
  const follow = (client: StreamClient, execution_id: string, after?: number) =>
    client.send({ type: 'subscribe', execution_id, ...(after === undefined ? {} : { after }) });
  async function storedEvents(id: string): Promise<unknown[]> {
    const { body } = await gateway.get(`/v1/executions/${id}/events?limit=1000`, { accept: 'application/json' });
    return body['items'] as unknown[];
  }

  it('brings the events of many executions, live, each as the event list has it, and says when one is over', async () => {
    const client = await connect();
    const ids = [
      await gateway.submit('patient', { message: 'x' }),
      await gateway.submit('slow', { ...SOON, message: 'Hello' }),
    ];
    for (const id of ids) follow(client, id);
    await client.next('event', ({ event }) => event?.type === 'execution.progress' && event.execution_id === ids[0]);
    await client.end(ids[1] ?? '');
    expect(client.of('end')).toHaveLength(1);
    goOn();
    await client.end(ids[0] ?? '');
    expect(client.of('subscribed').map(({ execution_id }) => execution_id)).toEqual(ids);
    for (const id of ids) expect(client.events(id)).toEqual(await storedEvents(id));
  });

  it('resumes after a cursor, and has nothing more for one who has seen the end', async () => {
    const id = await gateway.submit('slow', { ...SOON, message: 'Hello' });
    const client = await connect();
    follow(client, id, 1);
    await client.end(id);
    const last = client.seqs(id).at(-1) ?? 0;
    expect(client.seqs(id)).toEqual(range(last + 1).slice(2));
    const again = await connect();
    follow(again, id, last);
    await again.end(id);
    expect(again.of('event')).toEqual([]);
    expect(await again.refused({ type: 'subscribe', execution_id: id, after: last + 1 })).toMatchObject({
      code: 'invalid_cursor',
      execution_id: id,
      message: expect.stringContaining(`the last event is ${last}`) as string,
    });
  });

  it('follows a conversation: what was said, what is said now, what will be said', async () => {
    const conversation_id = newId('conv');
    const first = await gateway.submit('slow', { ...SOON, message: 'one', conversation_id });
    const client = await connect();
    client.send({ type: 'subscribe', conversation_id });
    await client.end(first);
    const second = await gateway.submit('patient', { message: 'two', conversation_id });
    const third = await gateway.submit('slow', { ...SOON, message: 'three', conversation_id });
    await client.next('event', ({ event }) => event?.type === 'execution.progress' && event.execution_id === second);
    goOn();
    await client.end(third);
    expect(client.of('turn').map(({ turn, execution_id }) => [turn, execution_id])).toEqual([
      [1, first],
      [2, second],
      [3, third],
    ]);
    for (const id of [first, second, third]) expect(client.events(id)).toEqual(await storedEvents(id));

    const again = await connect();
    const seen = { [second]: client.seqs(second).at(-1), [third]: 1 };
    again.send({ type: 'subscribe', conversation_id, after_turn: 1, after: seen });
    await again.end(third);
    expect([again.seqs(first), again.seqs(second), again.seqs(third)[0]]).toEqual([[], [], 2]);
  });

  it('follows an execution once, although two subscriptions want it, and as long as one does', async () => {
    const conversation_id = newId('conv');
    const id = await gateway.submit('patient', { message: 'x', conversation_id });
    const client = await connect();
    follow(client, id);
    client.send({ type: 'subscribe', conversation_id });
    await client.next('turn');
    client.send({ type: 'unsubscribe', execution_id: id });
    await client.next('unsubscribed');
    await client.next('event', ({ event }) => event?.type === 'execution.progress');
    goOn();
    await client.end(id);
    expect(client.events(id)).toEqual(await storedEvents(id));
  });

  it('sends nothing of what was unsubscribed, and lets go of it', async () => {
    const id = await submitEndless();
    const client = await connect();
    follow(client, id);
    await client.next('event', ({ event }) => event?.type === 'execution.started');
    client.send({ type: 'unsubscribe', execution_id: id });
    await client.next('unsubscribed');
    await gateway.post(`/v1/executions/${id}/cancel`, undefined);
    const other = await gateway.submit('slow', { ...SOON, message: 'x' });
    follow(client, other);
    await client.end(other);
    expect(client.events(id).map(({ type }) => type)).not.toContain('execution.cancelled');
    expect(feeds()).toBe(0);
  });

  it('lets go of everything when the client is gone', async () => {
    const client = await connect();
    follow(client, await submitEndless());
    client.send({ type: 'subscribe', conversation_id: await conversationOf(await submitEndless()) });
    await eventually(() => feeds() === 2);
    client.close();
    await eventually(() => feeds() === 0);
  });

  // prettier-ignore
  it.each([
    ['no JSON', '{"type":', 'invalid_json', 'the message is not JSON'],
    ['a list', '[]', 'invalid_request', 'expected object, got array'],
    ['no type', '{}', 'invalid_request', 'expected auth, subscribe or unsubscribe'],
    ['a misspelt type', '{"type":"subscibe"}', 'invalid_request', 'did you mean "subscribe"?'],
    ['a name of every object', '{"type":"toString"}', 'invalid_request', 'unknown type "toString"'],
    ['a misspelt field', '{"type":"subscribe","execution":"x"}', 'invalid_request', 'did you mean "execution_id"?'],
    ['nothing to subscribe', '{"type":"subscribe"}', 'invalid_request', 'expected execution_id or conversation_id'],
    ['both', '{"type":"subscribe","execution_id":"x","conversation_id":"y"}', 'invalid_request', 'one of the two'],
    ['a number as an id', '{"type":"subscribe","execution_id":5}', 'invalid_request', 'execution_id: expected string, got number'],
    ['what is no id', '{"type":"subscribe","execution_id":"../x"}', 'not_found', 'exec_01J'],
    ['an unknown execution', '{"type":"subscribe","execution_id":"exec_01JD8Z4M7T9QW2X5C6V8B0N3KP"}', 'not_found', 'no execution "exec_01JD8Z4M7T9QW2X5C6V8B0N3KP"'],
    ['an unknown conversation', '{"type":"subscribe","conversation_id":"conv_01JD8Z4M7T9QW2X5C6V8B0N3KS"}', 'not_found', 'no conversation'],
    ['a cursor that is no number', '{"type":"subscribe","execution_id":"exec_01JD8Z4M7T9QW2X5C6V8B0N3KP","after":"5"}', 'invalid_request', 'after: expected a whole number from -1 to 2147483647, got "5"'],
    ['a negative cursor', '{"type":"subscribe","execution_id":"exec_01JD8Z4M7T9QW2X5C6V8B0N3KP","after":-2}', 'invalid_request', 'from -1 to 2147483647, got -2'],
    ['a cursor that no database takes', '{"type":"subscribe","execution_id":"exec_01JD8Z4M7T9QW2X5C6V8B0N3KP","after":1e20}', 'invalid_request', 'to 2147483647, got 100000000000000000000'],
    ['a turn that no database takes', '{"type":"subscribe","conversation_id":"conv_01JD8Z4M7T9QW2X5C6V8B0N3KS","after_turn":1e20}', 'invalid_request', 'after_turn: expected a whole number from 0 to 2147483647'],
    ['such a cursor among those of a conversation', '{"type":"subscribe","conversation_id":"conv_01JD8Z4M7T9QW2X5C6V8B0N3KS","after":{"exec_1":1e20}}', 'invalid_request', 'after.exec_1: expected a whole number from -1 to 2147483647'],
    ['a number as the cursor of a conversation', '{"type":"subscribe","conversation_id":"conv_01JD8Z4M7T9QW2X5C6V8B0N3KS","after":5}', 'invalid_request', 'of a conversation it is {"<execution_id>": <seq>}'],
    ['a turn of an execution', '{"type":"subscribe","execution_id":"exec_01JD8Z4M7T9QW2X5C6V8B0N3KP","after_turn":5}', 'invalid_request', 'is for a conversation_id'],
    ['what was never subscribed', '{"type":"unsubscribe","execution_id":"exec_01JD8Z4M7T9QW2X5C6V8B0N3KP"}', 'invalid_request', 'is not subscribed'],
  ])('tells what is wrong with %s, and goes on', async (_name, message, code, words) => {
    const client = await connect();
    expect(await client.refused(message)).toMatchObject({ code, message: expect.stringContaining(words) as string });
    const id = await gateway.submit('slow', { ...SOON, message: 'x' });
    follow(client, id);
    await client.end(id);
  });

  it('takes no execution twice, no binary message, and a hundred subscriptions', async () => {
    const client = await connect();
    client.socket.send(Buffer.from('{}'), { binary: true });
    await client.next('error', ({ message }) => message === 'send text messages with JSON, not binary ones');
    const ids = await Promise.all(range(101).map(() => submitEndless()));
    for (const id of ids.slice(0, 100)) follow(client, id);
    await eventually(() => client.of('subscribed').length === 100);
    expect(await client.refused({ type: 'subscribe', execution_id: ids[100] })).toMatchObject({
      code: 'too_many_streams',
      execution_id: ids[100],
    });
    client.send({ type: 'unsubscribe', execution_id: ids[1] });
    await client.next('unsubscribed');
    expect((await client.refused({ type: 'subscribe', execution_id: ids[0] })).message).toContain(
      'unsubscribe it first',
    );
  });

  it('closes a connection whose message is too large, and hurts no other', async () => {
    const [client, other] = [await connect(), await connect()];
    const id = await gateway.submit('patient', { message: 'x' });
    follow(other, id);
    client.send('x'.repeat(1_048_576));
    await eventually(() => client.closed?.code === 1009);
    await other.next('event', ({ event }) => event?.type === 'execution.progress');
    goOn();
    await other.end(id);
  });

  it('is told from an ordinary request, which is answered 426', async () => {
    const { status, headers, body } = await gateway.get('/v1/stream');
    expect([status, headers['upgrade'], body['code']]).toEqual([426, 'websocket', 'upgrade_required']);
  });

  /** Logs that this process follows. */
  const feeds = () => gateway.app.get(EventFeed)['feeds'].size;
  const conversationOf = async (id: string) =>
    String((await gateway.get(`/v1/executions/${id}`)).body['conversation_id']);
});

describe('a gateway that stops', () => {
  it('says goodbye to its WebSockets, and when to come back', async () => {
    const gateway = await TestGateway.start();
    const client = await StreamClient.open(await gateway.listen());
    const id = await gateway.submit('slow', LONG);
    client.send({ type: 'subscribe', execution_id: id });
    await client.next('event', ({ event }) => event?.type === 'execution.started');
    await gateway.stop();
    await eventually(() => client.closed !== undefined);
    expect(client.closed?.code).toBe(1001);
    expect(client.frames.at(-1)).toEqual({ type: 'closing', retry_ms: expect.any(Number) as number });
  });
});
