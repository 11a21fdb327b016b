import type { ExecutionEvent } from '@longhaul/executions';
import type { WebSocket } from 'ws';
import { eventView } from '../executions/execution-view';
import type { ServerFrame } from './server-frame';

/** Sent and not taken by the client: above this nothing more is read for it. */
const HIGH_WATER = 64 * 1_024;

/** An event is followed by many: it is written once. */
const written = new WeakMap<ExecutionEvent, string>();

/** Beyond the longest frame so much is held for nobody: he reads nothing, and makes us answer. */
const MOST = 1_024 * 1_024;
/** Of a character in UTF-8, for a string's length. */
const MOST_BYTES = 3;

/**
 * What goes to one client. Whoever has much to send does it in `whenRoom`, so a slow client costs little: those who wait
 * go one by one, in their order, each only when the one before has left room.
 */
export class Outbox {
  /** Frames that were handed to the operating system. */
  taken = 0;
  private readonly waiting: (() => void)[] = [];
  private most = MOST;

  constructor(private readonly socket: WebSocket) {
    socket.once('close', () => this.goOn());
    // Each is answered by itself, and the answers may never be read.
    socket.on('ping', () => this.cutIfTooMuch());
  }

  /** Runs `write` and resolves when the client has taken most of what it was sent, or is gone. */
  whenRoom(write: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push(() => {
        try {
          write();
          resolve();
        } catch (error) {
          reject(error);
        }
      });
      this.goOn();
    });
  }

  room(): Promise<void> {
    return this.whenRoom(() => undefined);
  }

  send(frame: ServerFrame): void {
    this.write(JSON.stringify(frame));
  }

  event(event: ExecutionEvent): void {
    let text = written.get(event);
    if (text === undefined) {
      written.set(event, (text = `{"type":"event","event":${JSON.stringify(eventView(event))}}`));
    }
    this.write(text);
  }

  private write(text: string): void {
    if (this.socket.readyState !== this.socket.OPEN || this.cutIfTooMuch()) return;
    this.most = Math.max(this.most, MOST + text.length * MOST_BYTES);
    this.socket.send(text, () => {
      this.taken += 1;
      this.goOn();
    });
  }

  private goOn(): void {
    while (!this.isFull()) {
      const next = this.waiting.shift();
      if (!next) return;
      next();
    }
  }

  private isFull(): boolean {
    return this.socket.readyState === this.socket.OPEN && this.socket.bufferedAmount > HIGH_WATER;
  }

  private cutIfTooMuch(): boolean {
    const tooMuch = this.socket.bufferedAmount > this.most;
    if (tooMuch) this.socket.terminate();
    return tooMuch;
  }
}
