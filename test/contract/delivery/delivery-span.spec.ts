import { context, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { TryOutcome } from '@longhaul/delivery';
import { describeOnDatabases } from '../../support/databases';
import { eventually } from '../../support/eventually';
import { empty } from '../executions/fixtures';
import { DeliveryProcess } from './delivery-fixture';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SECRET = 'the-secret-of-the-test-gateway';

describeOnDatabases('The span of a delivery', (get) => {
  const kept = new InMemorySpanExporter();
  let running: DeliveryProcess;

  beforeEach(async () => {
    await empty(get().database, 'deliveries', 'delivery_tries');
    const processor = new SimpleSpanProcessor({ exporter: kept });
    trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [processor] }));
  });
  afterEach(async () => {
    await running.stop();
    kept.reset();
    trace.disable();
    context.disable();
  });

  it('stands for each try, in the trace of its execution, with its id and what was answered', async () => {
    const outcomes: TryOutcome[] = [
      { kind: 'failed', error: `HTTP 500 for ${SECRET}`, retryable: true, status: 500 },
      { kind: 'delivered', status: 204 },
    ];
    running = new DeliveryProcess(get()).withRules(({ transition }) =>
      transition === 'complete'
        ? [{ event: 'execution.completed', channel: 'test', target: `https://x/${SECRET}` }]
        : [],
    );
    running.channels.register({
      name: 'test',
      send: () => Promise.resolve(outcomes.shift() ?? { kind: 'delivered', status: 200 }),
    });
    running.sender.start();
    const id = await running.ended(undefined, { traceparent: `00-${TRACE}-b7ad6b7169203331-01` });
    const spans = await eventually(() => kept.getFinishedSpans().length === 2 && kept.getFinishedSpans());
    const [row] = await get().database.read('SELECT id FROM deliveries');
    const common = {
      'longhaul.delivery.id': row?.id,
      'longhaul.execution_id': id,
      'longhaul.delivery.channel': 'test',
    };
    expect(spans).toMatchObject([
      {
        name: 'deliver test',
        status: { code: 2, message: 'HTTP 500 for [redacted]' },
        attributes: { ...common, 'longhaul.delivery.attempt': 1, 'http.response.status_code': 500 },
      },
      {
        kind: 2,
        attributes: {
          ...common,
          'longhaul.delivery.attempt': 2,
          'longhaul.outcome': 'delivered',
          'http.response.status_code': 204,
        },
      },
    ]);
    expect(spans.map((span) => span.spanContext().traceId)).toEqual([TRACE, TRACE]);
    expect(JSON.stringify(spans.map(({ attributes, status, events }) => [attributes, status, events]))).not.toContain(
      SECRET,
    );
  });
});
