import { MAX_MESSAGE_BYTES, MessageTooLarge } from '../message-too-large';

const NEWLINE = 0x0a;

/** Cuts a stream of bytes into lines. Throws `MessageTooLarge` rather than hold more than one message may have. */
export class LineReader {
  private held: Buffer[] = [];
  private bytes = 0;

  /** The lines that end in this chunk, without their ends. */
  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let rest = chunk;
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      this.hold(rest.subarray(0, end));
      lines.push(Buffer.concat(this.held).toString('utf8').replace(/\r$/, ''));
      this.held = [];
      this.bytes = 0;
      rest = rest.subarray(end + 1);
    }
    this.hold(rest);
    return lines;
  }

  private hold(part: Buffer): void {
    this.bytes += part.length;
    if (this.bytes > MAX_MESSAGE_BYTES) throw new MessageTooLarge();
    if (part.length > 0) this.held.push(part);
  }
}
