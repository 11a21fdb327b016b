import type { ExecutionEvent } from '@longhaul/executions';
import type { WebSocket } from 'ws';
import { eventView } from '../executions/execution-view';
import type { ServerFrame } from './server-frame';

/** Sent and not taken by the client: above this nothing more is read for it. */
const HIGH_WATER = 64 * 1_024;

/** An event is followed by many: it is written once. */
const written = new WeakMap<ExecutionEvent, string>();

/** What goes to one client. Whoever has much to send awaits `room` before each frame, so a slow client costs little. */
export class Outbox {
  /** Frames that were handed to the operating system. */
  taken = 0;
  private readonly waiting = new Set<() => void>();

  constructor(private readonly socket: WebSocket) {
    socket.once('close', () => this.wake());
  }

  /** Resolves when the client has taken most of what it was sent, or is gone. */
  async room(): Promise<void> {
    while (this.socket.readyState === this.socket.OPEN && this.socket.bufferedAmount > HIGH_WATER) {
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
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
    if (this.socket.readyState !== this.socket.OPEN) return;
    this.socket.send(text, () => {
      this.taken += 1;
      this.wake();
    });
  }

  private wake(): void {
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }
}
