import { eventually } from '../../support/eventually';
import { TestGateway } from './test-gateway';

const FAST = { message: 'Hello', context: { demo: { sleep_ms: 0 } } };
const LONG = { message: 'Hello', context: { demo: { sleep_ms: 600_000 } } };

const seqsOf = (text: string) => [...text.matchAll(/^id: (\d+)$/gm)].map(([, seq]) => Number(seq));

describe('reading executions', () => {
  let gateway: TestGateway;
  beforeAll(async () => (gateway = await TestGateway.start()));
  afterAll(() => gateway.stop());

  const record = (id: string) => gateway.get(`/v1/executions/${id}`);
  const ended = (id: string) => gateway.get(`/v1/executions/${id}?wait=10`);

  it('waits for the end when asked to, in either way', async () => {
    for (const [query, headers] of [
      ['?wait=10', {}],
      ['', { prefer: 'wait=10' }],
    ] as const) {
      const id = await gateway.submit('slow', FAST);
      const { status, headers: answered, body } = await gateway.get(`/v1/executions/${id}${query}`, headers);
      expect([status, body['status']]).toEqual([200, 'completed']);
      expect(answered).not.toHaveProperty('retry-after');
    }
  });

  it('answers as it stands when the wait is over before the execution, and when to come back', async () => {
    const id = await gateway.submit('slow', LONG);
    const { body, headers } = await gateway.get(`/v1/executions/${id}?wait=0.05`);
    expect(['queued', 'running']).toContain(body['status']);
    expect(headers['retry-after']).toBe('2');
  });

  it('answers 304 until the record changes', async () => {
    const id = await gateway.submit('slow', FAST);
    const { headers } = await ended(id);
    const etag = String(headers['etag']);
    const again = await gateway.get(`/v1/executions/${id}`, { 'if-none-match': `"other", ${etag}` });
    expect([again.status, again.text]).toEqual([304, '']);
    expect((await gateway.get(`/v1/executions/${id}`, { 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('lists newest first, page by page, and every one once', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.push(await gateway.submit('slow', { ...FAST, tags: ['paged'] }));
    const seen: unknown[] = [];
    let cursor = '';
    do {
      const { body } = await gateway.get(`/v1/executions?tag=paged&limit=2${cursor}`);
      seen.push(...(body['items'] as { execution_id: string }[]).map((item) => item.execution_id));
      const next = body['next_cursor'] as string | null;
      cursor = next === null ? '' : `&cursor=${next}`;
    } while (cursor !== '');
    expect(seen).toEqual(ids.toReversed());
  });

  it('finds them by what they are and carry', async () => {
    const id = await gateway.submit(
      'slow',
      { ...FAST, message: 'Where is Ümläut?' },
      { 'x-correlation-id': 'find-me' },
    );
    const { body } = await ended(id);
    const found = async (query: string) =>
      ((await gateway.get(`/v1/executions?${query}`)).body['items'] as { execution_id: string }[]).map(
        (e) => e.execution_id,
      );
    for (const query of [
      'correlation_id=find-me',
      `conversation_id=${String(body['conversation_id'])}`,
      'correlation_id=find-me&status=completed,failed&agent=slow',
      'correlation_id=find-me&status=completed&status=failed',
      'correlation_id=find-me&created_after=2020-01-01&created_before=2099-01-01T00:00:00Z',
    ]) {
      expect(await found(query)).toEqual([id]);
    }
    for (const query of ['agent=quick', 'status=failed', 'created_before=2020-01-01', 'q=nowhere']) {
      expect(await found(`correlation_id=find-me&${query}`)).toEqual([]);
    }
  });

  it('shows the steps, and what they have recorded to those who ask for it', async () => {
    const id = await gateway.submit('slow', FAST);
    await ended(id);
    const url = `/v1/executions/${id}/steps`;
    const { body } = await gateway.get(url);
    const [run] = (await gateway.get(`/v1/executions/${id}/runs`)).body['items'] as { run_id: string }[];
    const step = {
      step_id: expect.stringMatching(/^step_/),
      execution_id: id,
      key: 'model:1',
      effects: 'repeatable',
      status: 'completed',
      attempt: 1,
      run_id: run?.run_id,
      started_at: expect.any(String),
      completed_at: expect.any(String),
    };
    expect(body).toEqual({ items: [step], next_cursor: null });
    const whole = await gateway.get(`${url}?include=result`);
    expect(whole.body['items']).toMatchObject([{ ...step, result: (await record(id)).body['output'] }]);
    expect(await gateway.get(`${url}?include=results`)).toMatchObject({ status: 422 });
  });

  it('shows a step as interrupted when its run ended in the middle of it', async () => {
    const id = await gateway.submit('slow', LONG);
    const status = async () => {
      const { body } = await gateway.get(`/v1/executions/${id}/steps`);
      return (body['items'] as { status: string }[])[0]?.status;
    };
    await eventually(async () => (await status()) === 'started');
    await gateway.post(`/v1/executions/${id}/cancel`, {});
    await ended(id);
    expect(await status()).toBe('interrupted');
  });

  it('shows the attempts', async () => {
    const id = await gateway.submit('slow', FAST);
    await ended(id);
    const { body } = await gateway.get(`/v1/executions/${id}/runs`);
    const run = { run_id: expect.stringMatching(/^run_/), execution_id: id, attempt: 1, outcome: 'completed' };
    expect(body).toEqual({
      items: [
        {
          ...run,
          usage: { input_tokens: expect.any(Number), output_tokens: expect.any(Number), cost_usd: 0 },
          worker_id: expect.stringMatching(/^wrk_/),
          started_at: expect.any(String),
          ended_at: expect.any(String),
        },
      ],
      next_cursor: null,
    });
  });

  it('says that it waits for another attempt after one has failed', async () => {
    const id = await gateway.submit('slow', { message: 'x', context: { demo: { fail: 'retryable' } } });
    const retrying = await eventually(async () => {
      const { body } = await record(id);
      return body['status_detail'] === 'retrying' && body;
    });
    expect(retrying).toMatchObject({ status: 'queued', attempt: 1, error: { retryable: true } });
  });

  it('cancels what runs, and does so any number of times', async () => {
    const id = await gateway.submit('slow', LONG);
    await eventually(async () => (await record(id)).body['status'] === 'running');
    const first = await gateway.post(`/v1/executions/${id}/cancel`, undefined);
    expect([first.status, first.body['status'], first.body['status_detail']]).toEqual([202, 'running', 'cancelling']);
    expect((await ended(id)).body['status']).toBe('cancelled');
    const again = await gateway.raw(`/v1/executions/${id}/cancel`, '', { 'content-type': 'application/json' });
    expect([again.status, again.body['status']]).toEqual([202, 'cancelled']);
  });

  describe('as events', () => {
    let id: string;
    beforeAll(async () => {
      id = await gateway.submit('slow', FAST);
      await ended(id);
    });

    const stream = (query: string, headers: Record<string, string> = {}) =>
      gateway.get(`/v1/executions/${id}/events${query}`, headers);

    it('gives the stored ones, numbered from 0 without a gap', async () => {
      const { status, headers, text } = await stream('?follow=false');
      expect(status).toBe(200);
      expect(headers['content-type']).toMatch('text/event-stream');
      const seqs = seqsOf(text);
      expect(seqs).toEqual(seqs.map((_, index) => index));
      const [retry, first = '', ...frames] = text.split('\n\n');
      expect(retry).toBe('retry: 2000');
      expect(first).toMatch(/^id: 0\nevent: execution.queued\ndata: \{"seq":0,"type":"execution.queued","at":"20/);
      expect(frames.at(-2)).toMatch('event: execution.completed');
      expect(frames.at(-1)).toBe('');
    });

    it('resumes after Last-Event-ID, which comes before ?after', async () => {
      expect(seqsOf((await stream('?follow=false&after=1')).text)[0]).toBe(2);
      expect(seqsOf((await stream('?after=0', { 'last-event-id': '1' })).text)[0]).toBe(2);
    });

    it('tells a follower that has seen the end to stop coming back', async () => {
      const last = seqsOf((await stream('?follow=false')).text).at(-1);
      expect((await stream(`?after=${last}`)).status).toBe(204);
      expect((await stream(`?after=${last}&follow=false`)).status).toBe(200);
    });

    it('gives a list when only JSON is wanted, whose cursor is the next ?after', async () => {
      const json = { accept: 'application/json' };
      const first = await stream('?limit=2', json);
      expect(first.body['items']).toHaveLength(2);
      expect(first.body['next_cursor']).toBe('1');
      const rest = await stream('?after=1', json);
      expect((rest.body['items'] as object[])[0]).toMatchObject({ seq: 2, execution_id: id });
      expect(rest.body['next_cursor']).toBeNull();
    });

    it('refuses what it cannot give', async () => {
      expect((await stream('', { accept: 'image/png' })).status).toBe(406);
      expect((await stream('', { 'last-event-id': 'abc' })).status).toBe(422);
    });
  });
});
