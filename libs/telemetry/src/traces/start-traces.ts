import { Logger } from '@nestjs/common';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { CarefulExporter } from './careful-exporter';
import type { Traces, TracesOptions } from './traces';

const EXPORT_LIMIT_MS = 10_000;
const STOP_LIMIT_MS = 3_000;
/** Spans that wait for the collector; more are dropped, so that one that is away costs no memory. */
const MOST_WAITING = 4_096;

/** Loads the SDK and has spans sent. Null where the application has OpenTelemetry of its own: ours go there then. */
export function startTraces({ otlpUrl, headers, sample, version, secrets }: TracesOptions): Traces | null {
  const logger = new Logger('Traces');
  const url = new URL(otlpUrl);
  if (url.pathname === '/') url.pathname = '/v1/traces';
  const otlp = new OTLPTraceExporter({ url: url.href, headers: { ...headers }, timeoutMillis: EXPORT_LIMIT_MS });
  const processor = new BatchSpanProcessor({
    exporter: new CarefulExporter(otlp, secrets, (message) => logger.warn(message)),
    maxQueueSize: MOST_WAITING,
    scheduledDelayMillis: 1_000,
    exportTimeoutMillis: EXPORT_LIMIT_MS,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': 'longhaul',
      'service.version': version,
      'service.instance.id': String(process.pid),
    }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sample) }),
    spanProcessors: [processor],
  });
  if (!trace.setGlobalTracerProvider(provider)) {
    logger.warn('traces.otlp_url is not used: this application has an OpenTelemetry of its own, which gets the spans');
    return null;
  }
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  return { stop: () => stop(provider) };
}

async function stop(provider: TracerProvider): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, STOP_LIMIT_MS)));
  await Promise.race([provider.shutdown().catch(() => undefined), limit]);
  clearTimeout(timer);
  trace.disable();
  context.disable();
}
