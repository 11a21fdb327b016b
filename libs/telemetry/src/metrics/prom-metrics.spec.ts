import { Logger } from '@nestjs/common';
import { CATALOGUE } from './catalogue';
import { PromMetrics } from './prom-metrics';

describe('Metrics', () => {
  let metrics: PromMetrics;
  beforeEach(() => {
    metrics = new PromMetrics();
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const lines = async (name: string) =>
    (await metrics.scrape()).text.split('\n').filter((line) => line.startsWith(name));

  it('shows what was counted, set and observed, in the text format', async () => {
    metrics.add('accepted', { agent: 'a' });
    metrics.add('accepted', { agent: 'a' }, 2);
    metrics.set('queueDepth', { queue: 'default' }, 7);
    metrics.change('streams', { transport: 'sse' }, 2);
    metrics.change('streams', { transport: 'sse' }, -1);
    metrics.observe('run', { agent: 'a' }, 0.2);
    expect(await lines('longhaul_executions_accepted_total')).toEqual([
      'longhaul_executions_accepted_total{agent="a"} 3',
    ]);
    expect(await lines('longhaul_queue_depth')).toEqual(['longhaul_queue_depth{queue="default"} 7']);
    expect(await lines('longhaul_open_streams')).toEqual(['longhaul_open_streams{transport="sse"} 1']);
    expect(await lines('longhaul_run_duration_seconds_sum')).toEqual([
      'longhaul_run_duration_seconds_sum{agent="a"} 0.2',
    ]);
    expect(await lines('longhaul_run_duration_seconds_bucket{le="0.05"')).toEqual([
      'longhaul_run_duration_seconds_bucket{le="0.05",agent="a"} 0',
    ]);
    expect(await lines('longhaul_run_duration_seconds_bucket{le="0.25"')).toEqual([
      'longhaul_run_duration_seconds_bucket{le="0.25",agent="a"} 1',
    ]);
    expect((await metrics.scrape()).contentType).toMatch(/^text\/plain; version=0\.0\.4/);
  });

  it('has the process beside it, with the delay of its event loop', async () => {
    expect(await lines('process_resident_memory_bytes ')).toHaveLength(1);
    expect(await lines('nodejs_eventloop_lag_p99_seconds ')).toHaveLength(1);
  });

  it('is of one gateway: two in a process do not add up', async () => {
    new PromMetrics().add('accepted', { agent: 'a' });
    expect(await lines('longhaul_executions_accepted_total{')).toEqual([]);
  });

  it('keeps the values of a label finite: what comes after the first 500 is one', async () => {
    for (let n = 0; n < 700; n += 1) metrics.add('accepted', { agent: `agent-${n}` });
    metrics.add('accepted', { agent: 'agent-3' });
    const shown = await lines('longhaul_executions_accepted_total{');
    expect(shown).toHaveLength(501);
    expect(shown).toContain('longhaul_executions_accepted_total{agent="agent-3"} 2');
    expect(shown).toContain('longhaul_executions_accepted_total{agent="other"} 200');
  });

  it('does not throw, and does not count, what is no number', async () => {
    metrics.add('cost', { model: 'm' }, Number.NaN);
    metrics.add('cost', { model: 'm' }, -1);
    metrics.set('queueDepth', { queue: 'q' }, Number.POSITIVE_INFINITY);
    metrics.observe('run', { agent: 'a' }, Number.NaN);
    for (const name of [
      'longhaul_model_cost_usd_total{',
      'longhaul_queue_depth{',
      'longhaul_run_duration_seconds_sum{',
    ])
      expect(await lines(name)).toEqual([]);
  });

  it('answers a scrape although one of the samplers fails, and says so', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
    metrics.beforeScrape(() => Promise.reject(new Error('the database is away')));
    metrics.beforeScrape(() => metrics.set('queueDepth', { queue: 'q' }, 1));
    expect(await lines('longhaul_queue_depth{')).toHaveLength(1);
    expect(warn.mock.calls.flat().join()).toContain('the database is away');
  });

  it('names everything alike: the prefix, a unit in the end, _total for what only grows', () => {
    for (const { name, type, help } of Object.values(CATALOGUE)) {
      expect(name).toMatch(/^longhaul_[a-z_]+$/);
      expect(name.endsWith('_total')).toBe(type === 'counter');
      if (type === 'histogram') expect(name).toMatch(/_seconds$/);
      expect(help).toMatch(/\.$/);
    }
  });
});
