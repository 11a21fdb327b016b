import { Logger } from '@nestjs/common';
import { context, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { CarefulExporter } from './careful-exporter';
import { beginSpan, currentTraceparent, inSpan } from './spans';
import { startTraces } from './start-traces';

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const kept = new InMemorySpanExporter();

function useProvider(secrets: string[] = []): void {
  const exporter = new CarefulExporter(kept, secrets, () => undefined);
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
}

afterEach(() => {
  kept.reset();
  trace.disable();
  context.disable();
  jest.restoreAllMocks();
});

describe('Spans', () => {
  it('are nothing while traces are off, and what is done in them is done all the same', async () => {
    expect(await inSpan('x', { parent: null }, () => 7)).toBe(7);
    await expect(inSpan('x', {}, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(currentTraceparent()).toBeNull();
  });

  it('go on with the trace of another process, and begin one where what it sent is none', () => {
    useProvider();
    const traceOf = (parent: string | null) => beginSpan('x', { parent }).span.spanContext().traceId;
    expect(traceOf(TRACEPARENT)).toBe('0af7651916cd43dd8448eb211c80319c');
    for (const bad of [
      null,
      '',
      'nonsense',
      TRACEPARENT.replace('00-', 'ff-'),
      `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01`,
    ])
      expect(traceOf(bad)).toMatch(/^(?!0af765)[0-9a-f]{32}$/);
    expect(currentTraceparent(beginSpan('x', { parent: TRACEPARENT }).within)).toMatch(
      /^00-0af7651916cd43dd8448eb211c80319c-/,
    );
  });

  it('tell an error and throw it on; no secret leaves in a name, an attribute, an event or a status', async () => {
    useProvider(['hush-hush']);
    const failing = inSpan('step hush-hush', { attributes: { url: 'x?key=hush-hush', n: 1 } }, () =>
      Promise.reject(new Error('401 for hush-hush')),
    );
    await expect(failing).rejects.toThrow('401 for hush-hush');
    const [span] = kept.getFinishedSpans();
    const sent = JSON.stringify([span?.name, span?.attributes, span?.events, span?.status]);
    expect(sent).not.toContain('hush-hush');
    expect(span?.status).toEqual({ code: 2, message: '401 for [redacted]' });
    expect(span?.attributes).toEqual({ url: 'x?key=[redacted]', n: 1 });
  });

  it('send no secret within lists of texts, JSON, links and the names of attributes', () => {
    const secret = 'pass"wo\nrd';
    useProvider([secret]);
    const { span } = beginSpan('x', { attributes: { [`h ${secret}`]: 1, all: ['a', secret], n: [1, 2] } });
    span.setAttribute('gen_ai.input.messages', JSON.stringify([{ text: secret }]));
    span.addEvent('said', { parts: [secret] });
    span.addLink({ context: span.spanContext(), attributes: { of: secret } });
    span.end();
    const [sent] = kept.getFinishedSpans();
    expect(sent?.attributes).toEqual({
      'h [redacted]': 1,
      all: ['a', '[redacted]'],
      n: [1, 2],
      'gen_ai.input.messages': '[{"text":"[redacted]"}]',
    });
    expect(sent?.events[0]?.attributes).toEqual({ parts: ['[redacted]'] });
    expect(sent?.links[0]?.attributes).toEqual({ of: '[redacted]' });
    expect(sent?.spanContext()).toEqual(span.spanContext());
  });

  it('of a gateway in an application with an OpenTelemetry of its own go there', () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
    jest.spyOn(console, 'error').mockImplementation();
    useProvider();
    const options = { otlpUrl: 'http://127.0.0.1:9', headers: {}, sample: 1, version: '0', secrets: [] };
    expect(startTraces(options)).toBeNull();
    expect(warn.mock.calls.flat().join()).toContain('OpenTelemetry of its own');
    beginSpan('mine', {}).span.end();
    expect(kept.getFinishedSpans().map(({ name }) => name)).toEqual(['mine']);
  });
});
