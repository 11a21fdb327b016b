import { LonghaulError } from '@longhaul/kernel';
import type { RawData, WebSocket } from 'ws';
import type { Caller } from '../auth/caller';
import type { Login } from '../auth/takes-tickets';
import { type ClientFrame, parseClientFrame, type Subject } from './client-frame';
import { Outbox } from './outbox';
import { errorFrame } from './server-frame';
import type { StreamSources } from './stream-sources';
import { Subscriptions } from './subscriptions';

const LOGIN_MS = 5_000;
/** Of RFC 6455: who breaks the rules, and who may try again later. */
const POLICY_VIOLATION = 1008;
const TRY_AGAIN_LATER = 1013;

export interface Visitor {
  /** Null: he says in his first message who he is. */
  caller: Caller | null;
  /** Absent where it is known already; where nobody is asked he may say it all the same. */
  login: Login | undefined;
  /** Called once it is known who he is; throws `too_many_streams`. */
  admit: (caller: Caller) => void;
}

/** One WebSocket: who he is, then what he wants to follow. Messages are looked at one by one, in their order. */
export class StreamConnection {
  readonly outbox: Outbox;
  private subscriptions: Subscriptions | null = null;
  private waiting = 0;
  private handling = Promise.resolve();
  private readonly deadline: NodeJS.Timeout | undefined;

  /** `toError`: what may be told of what was thrown. */
  constructor(
    private readonly socket: WebSocket,
    private readonly visitor: Visitor,
    private readonly sources: StreamSources,
    private readonly toError: (thrown: unknown) => Promise<LonghaulError>,
  ) {
    this.outbox = new Outbox(socket);
    if (visitor.caller) this.letIn(visitor.caller);
    else this.deadline = setTimeout(() => void this.refuse(late()), LOGIN_MS).unref();
    socket.on('message', (data, isBinary) => this.take(data, isBinary));
    socket.once('close', () => {
      clearTimeout(this.deadline);
      this.subscriptions?.close();
    });
  }

  /** Reads no further while there is something to do, or answers that he does not read: who sends faster waits. */
  private take(data: RawData, isBinary: boolean): void {
    this.waiting += 1;
    if (this.waiting === 1) this.socket.pause();
    this.handling = this.handling.then(async () => {
      await this.outbox.room();
      if (this.socket.readyState === this.socket.OPEN) await this.handle(isBinary ? null : textOf(data));
      this.waiting -= 1;
      if (this.waiting === 0) this.socket.resume();
    });
  }

  private async handle(text: string | null): Promise<void> {
    let subject: Subject | undefined;
    try {
      if (text === null) throw new LonghaulError('invalid_request', 'send text messages with JSON, not binary ones');
      const frame = parseClientFrame(text);
      if ('subject' in frame) ({ subject } = frame);
      await this.obey(frame);
    } catch (error) {
      if (this.subscriptions) this.outbox.send(errorFrame(await this.toError(error), subject));
      else await this.refuse(error);
    }
  }

  private async obey(frame: ClientFrame): Promise<void> {
    const { subscriptions, socket } = this;
    if (frame.type === 'auth') return this.logIn(frame);
    if (!subscriptions) {
      throw new LonghaulError('unauthenticated', 'the first message must be {"type":"auth","key":…} or "ticket"');
    }
    if (frame.type === 'unsubscribe') subscriptions.unsubscribe(frame.subject);
    else await subscriptions.subscribe(frame);
    // It may have gone while its execution was looked for, and what is begun after the end would not end.
    if (socket.readyState !== socket.OPEN) subscriptions.close();
  }

  private async logIn({ credentials }: Extract<ClientFrame, { type: 'auth' }>): Promise<void> {
    const { caller: known, login } = this.visitor;
    if (!login || (this.subscriptions && !known))
      throw new LonghaulError('invalid_request', 'auth: it is known already whose this connection is');
    const caller = await login(credentials);
    if (this.socket.readyState !== this.socket.OPEN) return;
    if (!this.subscriptions) this.letIn(caller);
    this.outbox.send({ type: 'authenticated' });
  }

  private letIn(caller: Caller): void {
    this.visitor.admit(caller);
    clearTimeout(this.deadline);
    const tell = (error: unknown, subject: Subject) =>
      void this.toError(error).then((known) => this.outbox.send(errorFrame(known, subject)));
    this.subscriptions = new Subscriptions(caller.owner, this.sources, this.outbox, tell);
  }

  private async refuse(thrown: unknown): Promise<void> {
    const error = await this.toError(thrown);
    this.outbox.send(errorFrame(error));
    this.socket.close(error.retryable ? TRY_AGAIN_LATER : POLICY_VIOLATION, error.code);
  }
}

function late(): LonghaulError {
  return new LonghaulError('unauthenticated', `no key and no ticket within ${LOGIN_MS / 1_000} s`);
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString();
}
