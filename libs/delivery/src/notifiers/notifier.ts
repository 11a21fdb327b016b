import type { TryOutcome } from '../delivery';

/** One message, ready to be sent: harmless for its channel, without secrets, short enough. */
export interface Message {
  /** The same over all tries: whoever can drop a repetition knows it by this. */
  id: string;
  /** What it is about; what is about the same belongs together: the execution's id. */
  about: string;
  /** One line. */
  subject: string;
  text: string;
  severity: 'info' | 'error';
  /** Where more is to be seen; null where nobody knows. */
  link: string | null;
}

/**
 * A service that brings messages to people. Sends one message once; tries, schedules and the log are those of
 * deliveries. Loads its driver when it first sends.
 *
 * `send` answers what the service said, with the decision whether another try may help; it throws only the reason of
 * `signal`, on whose abort it closes its connection.
 */
export abstract class Notifier {
  /** Its section of `notifications` in gateway.yaml. */
  abstract readonly name: string;

  /** Longest text that the service takes, in characters. */
  abstract readonly maxText: number;

  /** The text so that it neither formats nor calls anybody there. It may be what a model or a stranger wrote. */
  abstract harmless(text: string): string;

  /** `to` in the service's terms; PagerDuty has none. */
  abstract send(message: Message, to: string | null, signal: AbortSignal): Promise<TryOutcome>;
}
