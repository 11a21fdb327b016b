import { MAX_MESSAGE_BYTES, MessageTooLarge } from '../message-too-large';

export interface BodyWatch {
  onTooLarge(error: MessageTooLarge): void;
  /** It ended, in whatever way. */
  onEnd(): void;
}

/**
 * A response that breaks off where one message in it has more bytes than are read: its whole body, or what stands
 * between two blank lines of an event stream, which may go on for ever.
 */
export function cappedBody(response: Response, watch: BodyWatch): Response {
  if (response.body === null) {
    watch.onEnd();
    return response;
  }
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  const reader = response.body.getReader();
  let bytes = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { value, done } = await reader.read();
        if (done) {
          controller.close();
          return watch.onEnd();
        }
        bytes = isStream ? sinceBlankLine(value, bytes) : bytes + value.length;
        if (bytes > MAX_MESSAGE_BYTES) throw new MessageTooLarge();
        controller.enqueue(value);
      } catch (error) {
        controller.error(error);
        if (error instanceof MessageTooLarge) {
          void reader.cancel(error).catch(() => undefined);
          watch.onTooLarge(error);
        }
        watch.onEnd();
      }
    },
    async cancel(reason) {
      watch.onEnd();
      await reader.cancel(reason);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(body, { status, statusText, headers: [...headers] });
}

function sinceBlankLine(chunk: Uint8Array, before: number): number {
  const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const last = Math.max(bytes.lastIndexOf('\n\n'), bytes.lastIndexOf('\n\r\n'));
  return last < 0 ? before + bytes.length : bytes.length - last;
}
