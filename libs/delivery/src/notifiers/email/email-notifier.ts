import { connect } from 'node:net';
import type { TryOutcome } from '../../delivery';
import { type Message, Notifier } from '../notifier';
import { smtpFailure } from './smtp-failure';
import { type SmtpServer, smtpServer, type EmailOptions } from './smtp-server-options';

/** A server that is silent for so long is not there. */
const SILENCE_MS = 15_000;

/** Sends mail by SMTP: text alone, marked as made by a machine, so that no holiday notice answers it. */
export class EmailNotifier extends Notifier {
  readonly name = 'email';
  readonly maxText = 100_000;
  private readonly server: SmtpServer;

  constructor(private readonly options: EmailOptions) {
    super();
    this.server = smtpServer(options);
  }

  harmless(text: string): string {
    return text;
  }

  async send({ id, about, subject, text }: Message, to: string | null, signal: AbortSignal): Promise<TryOutcome> {
    const { createTransport } = require('nodemailer') as typeof import('nodemailer');
    const { host, port, secure, requireTLS, auth } = this.server;
    const transport = createTransport({
      host,
      port,
      secure,
      requireTLS,
      ...(auth ? { auth } : {}),
      greetingTimeout: SILENCE_MS,
      socketTimeout: SILENCE_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
      // The driver's own sockets know no signal.
      getSocket: (_options: unknown, callback: (error: Error | null, socket: object) => void) => {
        const connection = connect({ host, port, signal });
        const fail = (error: Error) => callback(error, {});
        connection.once('error', fail);
        connection.once('connect', () => callback(null, { connection: connection.off('error', fail) }));
      },
    });
    try {
      const sent = await transport.sendMail({
        from: this.options.from,
        to: { name: '', address: to ?? '' },
        subject,
        text,
        messageId: `<${id}@longhaul>`,
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Longhaul-About': about },
      });
      return { kind: 'delivered', status: Number(sent.response.slice(0, 3)), excerpt: sent.response };
    } catch (error) {
      signal.throwIfAborted();
      return smtpFailure(error);
    }
  }
}
