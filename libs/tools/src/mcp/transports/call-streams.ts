/** How long what came last on a stream may take to be read. */
const SETTLE_MS = 250;

/** An answer will not come: the stream that it was to come on has ended. Whether the call was carried out is unknown. */
export class AnswerLost extends Error {}

/** A call under way over HTTP. */
interface OpenCall {
  /** Ends its request. */
  over: AbortController;
  lost: (error: Error) => void;
  /** The server numbers its events: the SDK asks for the rest of what breaks off. */
  resumable: boolean;
}

/** A call as its caller follows it. */
export interface FollowedCall {
  /** Rejects when its answer cannot come any more. */
  lost: Promise<never>;
  resumable(): void;
  /** It is over; one that was given up lets go of its request. */
  close(answered: boolean): void;
}

/**
 * Which request belongs to which call: an answer that comes as an event stream may break off, of which the SDK tells
 * nobody, and a call that was given up leaves its stream open.
 */
export class CallStreams {
  private readonly calls = new Map<string, OpenCall>();

  /** Follows a call, by the key that it is sent with. */
  follow(key: string): FollowedCall {
    const { promise, reject } = Promise.withResolvers<never>();
    promise.catch(() => undefined);
    const call: OpenCall = { over: new AbortController(), lost: reject, resumable: false };
    this.calls.set(key, call);
    return {
      lost: promise,
      resumable: () => (call.resumable = true),
      close: (answered) => {
        this.calls.delete(key);
        if (!answered) call.over.abort();
      },
    };
  }

  /** The signal of the call that a request carries; undefined for every other request. */
  signalOf(key: string): AbortSignal | undefined {
    return this.calls.get(key)?.over.signal;
  }

  /** The stream that its answer was to come on is at its end. */
  ended(key: string): void {
    const call = this.calls.get(key);
    if (!call) return;
    const tell = () => {
      if (!call.resumable) call.lost(new AnswerLost('broke off before its answer'));
    };
    setTimeout(tell, SETTLE_MS).unref();
  }
}
