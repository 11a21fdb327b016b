import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

export interface SunkMail {
  from: string;
  to: string[];
  user: string | undefined;
  /** The lines of its head as they came. */
  head: string;
  mail: ParsedMail;
}

type Stage = 'auth' | 'mail' | 'rcpt' | 'data';

/** A mail server on the loopback: takes mail apart and keeps it, and refuses as the test says. */
export class SmtpSink {
  readonly mails: SunkMail[] = [];
  /** What it says no with at a stage: `{ at: 'rcpt', code: 550, text: 'no such user' }`. */
  refusal: { at: Stage; code: number; text: string } | null = null;
  readonly user = 'post';
  readonly password = 'p@ss word';
  private readonly server: SMTPServer;
  private readonly listening: Server;

  private constructor() {
    this.server = new SMTPServer({
      authOptional: true,
      allowInsecureAuth: true,
      // Its certificate is nobody's.
      disabledCommands: ['STARTTLS'],
      logger: false,
      onAuth: ({ username, password }, _session, done) => {
        const refused = this.refused('auth');
        if (refused || username !== this.user || password !== this.password) done(refused ?? answer(535, 'who?'));
        else done(null, { user: username });
      },
      onMailFrom: (_address, _session, done) => done(this.refused('mail')),
      onRcptTo: (_address, _session, done) => done(this.refused('rcpt')),
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => void this.keep(Buffer.concat(chunks), session).then(() => done(this.refused('data'))));
      },
    });
    this.listening = this.server.listen(0, '127.0.0.1');
  }

  static async start(): Promise<SmtpSink> {
    const sink = new SmtpSink();
    await once(sink.listening, 'listening');
    return sink;
  }

  get port(): number {
    return (this.listening.address() as AddressInfo).port;
  }

  /** With the password, so that it must be escaped. */
  get url(): string {
    return `smtp://${this.user}:${encodeURIComponent(this.password)}@127.0.0.1:${this.port}`;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private refused(stage: Stage): Error | null {
    return this.refusal?.at === stage ? answer(this.refusal.code, this.refusal.text) : null;
  }

  private async keep(raw: Buffer, { envelope, user }: SMTPServerSession): Promise<void> {
    if (this.refused('data')) return;
    this.mails.push({
      from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
      to: envelope.rcptTo.map(({ address }) => address),
      user,
      head: raw.toString().split('\r\n\r\n')[0] ?? '',
      mail: await simpleParser(raw),
    });
  }
}

function answer(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}
