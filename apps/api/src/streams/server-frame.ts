import type { LonghaulError } from '@longhaul/kernel';
import type { Subject } from './client-frame';

/** What a client is sent, but for events, which Outbox writes itself. */
export type ServerFrame =
  | { type: 'authenticated' }
  | ({ type: 'subscribed' | 'unsubscribed' } & Subject)
  /** A turn of a conversation that is followed; its events come next. */
  | { type: 'turn'; conversation_id: string; turn: number; execution_id: string }
  /** Its terminal event was sent. */
  | { type: 'end'; execution_id: string }
  | ({ type: 'error'; code: string; message: string } & (Subject | object))
  /** The server is about to close the connection, and where it was one may connect anew. */
  | { type: 'closing'; retry_ms: number };

export function errorFrame({ code, message }: LonghaulError, subject?: Subject): ServerFrame {
  return { type: 'error', code, message, ...subject };
}
