import { Webhook } from 'standardwebhooks';

const MIN_LENGTH = 16;

/**
 * Signs and checks by Standard Webhooks: HMAC-SHA256 over `<webhook-id>.<webhook-timestamp>.<body>`. A secret that
 * begins with `whsec_` is base64, as the specification has it; any other is its own UTF-8 bytes.
 */
export class WebhookSigner {
  private readonly webhook: Webhook;

  constructor(secret: string) {
    if (secret.length < MIN_LENGTH) throw new Error(`expected at least ${MIN_LENGTH} characters: openssl rand -hex 24`);
    this.webhook = secret.startsWith('whsec_')
      ? new Webhook(secret)
      : new Webhook(new Uint8Array(Buffer.from(secret, 'utf8')), { format: 'raw' });
  }

  /** `id` is what the signature is good for: it is signed along, and the receiver may remember it. */
  sign(id: string, body: string, at: Date = new Date()): Record<string, string> {
    return webhookHeaders(id, at, [this.signature(id, body, at)]);
  }

  signature(id: string, body: string, at: Date): string {
    return this.webhook.sign(id, at, body);
  }

  /** What is wrong with the signature of these bytes, or null. More than five minutes old is wrong. */
  refusal(body: string, headers: Record<string, string>): string | null {
    try {
      this.webhook.verify(body, headers, { jsonParse: false });
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
}

/** Signed with each of the secrets, so that a receiver verifies while one takes the place of another. */
export function signWithAll(secrets: readonly string[], id: string, body: string): Record<string, string> {
  const now = new Date();
  const signatures = secrets.map((secret) => new WebhookSigner(secret).signature(id, body, now));
  return webhookHeaders(id, now, signatures);
}

function webhookHeaders(id: string, at: Date, signatures: string[]): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': signatures.join(' '),
  };
}
