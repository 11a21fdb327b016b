import type { Attributes } from '@opentelemetry/api';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { redact } from '@longhaul/kernel';

/** Sends no secrets, and says once, not at every batch, that the collector takes nothing. */
export class CarefulExporter implements SpanExporter {
  private away = false;

  constructor(
    private readonly exporter: SpanExporter,
    private readonly secrets: readonly string[],
    private readonly warn: (message: string) => void,
  ) {}

  export(spans: ReadableSpan[], done: Parameters<SpanExporter['export']>[1]): void {
    this.exporter.export(
      spans.map((span) => this.clean(span)),
      (result) => {
        const failed = result.error !== undefined;
        if (failed && !this.away) {
          const reason = redact(result.error?.message ?? '', this.secrets);
          this.warn(`the collector takes no spans, they are dropped until it does: ${reason}`);
        }
        this.away = failed;
        done(result);
      },
    );
  }

  shutdown(): Promise<void> {
    return this.exporter.shutdown();
  }

  async forceFlush(): Promise<void> {
    await this.exporter.forceFlush?.();
  }

  private clean(span: ReadableSpan): ReadableSpan {
    if (this.secrets.length === 0) return span;
    const { message } = span.status;
    // What it inherits of the span, but for these.
    return Object.create(span, {
      name: { value: redact(span.name, this.secrets) },
      attributes: { value: this.withoutSecrets(span.attributes) },
      events: {
        value: span.events.map((event) => ({ ...event, attributes: this.withoutSecrets(event.attributes ?? {}) })),
      },
      status: {
        value: { ...span.status, ...(message === undefined ? {} : { message: redact(message, this.secrets) }) },
      },
    }) as ReadableSpan;
  }

  private withoutSecrets(attributes: Attributes): Attributes {
    return Object.fromEntries(
      Object.entries(attributes).map(([key, value]) => [
        key,
        typeof value === 'string' ? redact(value, this.secrets) : value,
      ]),
    );
  }
}
