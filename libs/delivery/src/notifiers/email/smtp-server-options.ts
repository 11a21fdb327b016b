import { isIP } from 'node:net';

/** `notifications.email` of the configuration. */
export interface EmailOptions {
  smtpUrl?: string;
  host?: string;
  port: number;
  user?: string;
  password?: string;
  requireTls?: boolean;
  from: string;
}

export interface SmtpServer {
  host: string;
  port: number;
  /** TLS from the first byte. */
  secure: boolean;
  /** Nothing is sent before STARTTLS. */
  requireTLS: boolean;
  auth?: { user: string; pass: string };
}

/** The two ways to name a server as one. A password goes over the network encrypted, or not at all, unless said. */
export function smtpServer(options: EmailOptions): SmtpServer {
  const named = options.smtpUrl === undefined ? byKeys(options) : byUrl(options.smtpUrl);
  const requireTLS = options.requireTls ?? (named.auth !== undefined && !isHere(named.host));
  return { ...named, requireTLS };
}

function byKeys({ host = '', port, user, password }: EmailOptions): Omit<SmtpServer, 'requireTLS'> {
  const auth = user === undefined || password === undefined ? {} : { auth: { user, pass: password } };
  return { host, port, secure: port === 465, ...auth };
}

function byUrl(text: string): Omit<SmtpServer, 'requireTLS'> {
  const { protocol, hostname, port, username, password } = new URL(text);
  const secure = protocol === 'smtps:' || port === '465';
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || (secure ? 465 : 587)),
    secure,
    ...(username === '' ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
  };
}

function isHere(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
