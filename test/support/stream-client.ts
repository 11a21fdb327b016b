import type { ClientRequest, IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { eventually } from './eventually';

export interface StreamFrame {
  type: string;
  code?: string;
  message?: string;
  execution_id?: string;
  conversation_id?: string;
  turn?: number;
  event?: { seq: number; type: string; execution_id: string; data: Record<string, unknown> };
}

/** A client of /v1/stream that remembers all that it was sent. */
export class StreamClient {
  readonly frames: StreamFrame[] = [];
  closed: { code: number; reason: string } | undefined;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => this.frames.push(JSON.parse(data.toString()) as StreamFrame));
    socket.on('close', (code, reason) => (this.closed = { code, reason: reason.toString() }));
    socket.on('error', () => undefined);
  }

  /** `base` as of HTTP. Rejects with status and problem when the upgrade is refused. */
  static open(base: string, path = '/v1/stream', headers: Record<string, string> = {}): Promise<StreamClient> {
    const socket = new WebSocket(base.replace(/^http/, 'ws') + path, { headers });
    const client = new StreamClient(socket);
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(client));
      socket.once('error', reject);
      socket.once('unexpected-response', (request: ClientRequest, response: IncomingMessage) => {
        let text = '';
        response.on('data', (piece: Buffer) => (text += piece.toString()));
        response.on('end', () => {
          request.destroy();
          reject(Object.assign(new Error(`${response.statusCode} ${text}`), { headers: response.headers }));
        });
      });
    });
  }

  send(frame: object | string): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** The first frame of this kind that fits, sent or to come. */
  next(type: string, fits: (frame: StreamFrame) => boolean = () => true): Promise<StreamFrame> {
    return eventually(() => this.frames.find((frame) => frame.type === type && fits(frame)) ?? false);
  }

  /** Sends a frame that is refused, and gives the refusal. */
  async refused(frame: object | string): Promise<StreamFrame> {
    const before = this.of('error').length;
    this.send(frame);
    return eventually(() => this.of('error')[before] ?? false);
  }

  of(type: string): StreamFrame[] {
    return this.frames.filter((frame) => frame.type === type);
  }

  events(executionId: string) {
    return this.of('event').flatMap(({ event }) => (event?.execution_id === executionId ? [event] : []));
  }

  seqs(executionId: string): number[] {
    return this.events(executionId).map(({ seq }) => seq);
  }

  end(executionId: string): Promise<StreamFrame> {
    return this.next('end', ({ execution_id }) => execution_id === executionId);
  }

  close(): void {
    this.socket.terminate();
  }
}
