/** What stands where a secret stood. */
export const REDACTED = '[redacted]';

/** The text with every secret blotted out, the longer ones first, since one may begin with another. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets
    .toSorted((a, b) => b.length - a.length)
    .reduce((left, secret) => left.replaceAll(secret, REDACTED), text);
}
