import { createHash, randomBytes } from 'node:crypto';

const PREFIX = 'lh_';
const FORM = /^lh_[A-Za-z0-9_-]{43}[0-9a-f]{8}$/;

/**
 * A new key: `lh_`, 256 random bits (43 characters, base64url) and 8 hexadecimal digits of checksum. The prefix lets
 * secret scanners find it, the checksum tells a mistyped key from a revoked one without a look at the store.
 */
export function generateApiKey(): string {
  const body = PREFIX + randomBytes(32).toString('base64url');
  return body + checksum(body);
}

/** Whether it has the form and the checksum of a generated key. Says nothing about whether it opens anything. */
export function looksLikeApiKey(value: string): boolean {
  return FORM.test(value) && checksum(value.slice(0, -8)) === value.slice(-8);
}

/** What is stored and compared instead of the key: its SHA-256, 64 hexadecimal digits. Compare with timingSafeEqual. */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

function checksum(body: string): string {
  return hashApiKey(body).slice(0, 8);
}
