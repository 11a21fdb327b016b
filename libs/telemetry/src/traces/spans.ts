import {
  type Attributes,
  type Context,
  context,
  isSpanContextValid,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
} from '@opentelemetry/api';

/** What of a span is known when it begins. */
export interface SpanStart {
  kind?: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  attributes?: Attributes;
  /** A W3C `traceparent` of another process; what is under way here when absent. Null, or malformed: a new trace. */
  parent?: string | null;
}

const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

/** A span that ends with the promise of `fn`; an error is told, and thrown on. Costs next to nothing while traces are off. */
export async function inSpan<T>(name: string, start: SpanStart, fn: (span: Span) => Promise<T> | T): Promise<T> {
  const { span, within } = beginSpan(name, start);
  try {
    return await context.with(within, fn, undefined, span);
  } catch (error) {
    failSpan(span, error);
    throw error;
  } finally {
    span.end();
  }
}

export interface StartedSpan {
  span: Span;
  /** The span and all that is above it. */
  within: Context;
}

/** For what does not end with a promise: whoever begins it ends it. */
export function beginSpan(name: string, { kind = 'internal', attributes, parent }: SpanStart): StartedSpan {
  const above = parent === undefined ? context.active() : contextOf(parent);
  const options = { kind: KINDS[kind], ...(attributes ? { attributes } : {}) };
  const span = trace.getTracer('longhaul').startSpan(name, options, above);
  return { span, within: trace.setSpan(above, span) };
}

/** Calls `fn` in the span: what is begun in it is below. */
export function runIn<T>({ within }: StartedSpan, fn: () => T): T {
  return context.with(within, fn);
}

export function failSpan(span: Span, error: unknown): void {
  if (!span.isRecording()) return;
  const message = error instanceof Error ? error.message : String(error);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
  span.recordException(error instanceof Error ? error : message);
}

/** The `traceparent` by which others go on with what is under way here; null while traces are off. */
export function currentTraceparent(of: Context = context.active()): string | null {
  const span = trace.getSpanContext(of);
  if (!span || !isSpanContextValid(span)) return null;
  return `00-${span.traceId}-${span.spanId}-${(span.traceFlags & TraceFlags.SAMPLED) === 0 ? '00' : '01'}`;
}

const FORM = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})/;

function contextOf(traceparent: string | null): Context {
  const nothing = trace.deleteSpan(context.active());
  const [, traceId = '', spanId = '', flags = '00'] = FORM.exec(traceparent ?? '') ?? [];
  const remote = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true };
  return isSpanContextValid(remote) ? trace.setSpanContext(nothing, remote) : nothing;
}
