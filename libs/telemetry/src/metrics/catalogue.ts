/** Every metric there is, by the name that the code knows it by. Dashboards and alert rules may name these and no others. */
export const CATALOGUE = {
  accepted: counter('longhaul_executions_accepted_total', 'Executions accepted.', ['agent']),
  completed: counter('longhaul_executions_completed_total', 'Executions that are over, by how they ended.', [
    'status',
    'agent',
  ]),
  retries: counter('longhaul_retries_total', 'Attempts that failed and are followed by another.', ['agent']),
  deadLetters: counter('longhaul_dead_letters_total', 'Executions that failed, each a dead letter.', ['agent']),
  deadLettersOpen: gauge(
    'longhaul_dead_letters_open',
    'Dead letters that nobody has looked after, counted to 10000; the same from every process.',
    [],
  ),
  queueDepth: gauge(
    'longhaul_queue_depth',
    'Executions that are due and wait, counted to 10000; the same from every process.',
    ['queue'],
  ),
  queueOldest: gauge(
    'longhaul_queue_oldest_age_seconds',
    'How long the longest waiting execution has been due; the same from every process.',
    ['queue'],
  ),
  wait: histogram(
    'longhaul_execution_wait_seconds',
    'From the moment at which an execution was due to its first start.',
    ['agent'],
    [0.005, 0.025, 0.1, 0.5, 1, 5, 15, 60, 300, 1_800, 7_200],
  ),
  run: histogram(
    'longhaul_run_duration_seconds',
    'How long a run took, whatever became of it.',
    ['agent'],
    [0.01, 0.05, 0.25, 1, 5, 15, 60, 300, 900, 3_600, 14_400],
  ),
  slots: gauge('longhaul_worker_slots', 'Executions that the worker may run at once; absent where it has no limit.', [
    'worker',
  ]),
  slotsBusy: gauge('longhaul_worker_slots_busy', 'Executions that the worker runs.', ['worker']),
  leaseLosses: counter(
    'longhaul_lease_losses_total',
    'Leases of workers that ended before their time. fenced: this worker gave up its own; silent, died: this process ended that of another.',
    ['cause'],
  ),
  fencedWrites: counter('longhaul_fenced_writes_total', 'Writes of runs that had lost their lease, and were refused.', [
    'write',
  ]),
  deliveries: counter('longhaul_deliveries_total', 'Tries to deliver a notification, by what became of them.', [
    'channel',
    'outcome',
  ]),
  tokens: counter('longhaul_model_tokens_total', 'Tokens of model calls; cached_input is a part of input.', [
    'model',
    'kind',
  ]),
  cost: counter('longhaul_model_cost_usd_total', 'US dollars of model calls whose price is known.', ['model']),
  http: histogram(
    'longhaul_http_request_duration_seconds',
    'From the request to the end of the answer. route is the pattern, "unmatched" where there is none.',
    ['method', 'route', 'status'],
    [0.002, 0.005, 0.01, 0.025, 0.1, 0.5, 1, 5, 30, 120],
  ),
  streams: gauge('longhaul_open_streams', 'Streams of events that are open in this process.', ['transport']),
} as const;

interface Counter<Label extends string> {
  type: 'counter';
  name: string;
  help: string;
  labels: readonly Label[];
}
interface Gauge<Label extends string> extends Omit<Counter<Label>, 'type'> {
  type: 'gauge';
}
interface Histogram<Label extends string> extends Omit<Counter<Label>, 'type'> {
  type: 'histogram';
  /** Upper bounds in the metric's unit. */
  buckets: readonly number[];
}

type Catalogue = typeof CATALOGUE;
type NamesOf<Type extends string> = {
  [Name in keyof Catalogue]: Catalogue[Name]['type'] extends Type ? Name : never;
}[keyof Catalogue];

export type MetricName = keyof Catalogue;
export type CounterName = NamesOf<'counter'>;
export type GaugeName = NamesOf<'gauge'>;
export type HistogramName = NamesOf<'histogram'>;
export type LabelsOf<Name extends MetricName> = Record<Catalogue[Name]['labels'][number], string>;

function counter<Label extends string>(name: string, help: string, labels: readonly Label[]): Counter<Label> {
  return { type: 'counter', name, help, labels };
}

function gauge<Label extends string>(name: string, help: string, labels: readonly Label[]): Gauge<Label> {
  return { type: 'gauge', name, help, labels };
}

function histogram<Label extends string>(
  name: string,
  help: string,
  labels: readonly Label[],
  buckets: readonly number[],
): Histogram<Label> {
  return { type: 'histogram', name, help, labels, buckets };
}
