import type { Attributes } from '@opentelemetry/api';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { redact } from '@longhaul/kernel';
import { redactValues } from '../redact-values';

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

  /** Its name, what it says of its end, and the attributes of it, its events and its links. */
  private clean(span: ReadableSpan): ReadableSpan {
    if (this.secrets.length === 0) return span;
    const value = <T>(of: T) => ({ value: redactValues(of, this.secrets) });
    const attributed = <T extends { attributes?: Attributes }>(all: T[]) => ({
      value: all.map((one) =>
        one.attributes ? { ...one, attributes: redactValues(one.attributes, this.secrets) } : one,
      ),
    });
    // What it inherits of the span, but for these.
    return Object.create(span, {
      name: value(span.name),
      attributes: value(span.attributes),
      events: attributed(span.events),
      links: attributed(span.links),
      status: value(span.status),
    }) as ReadableSpan;
  }
}
