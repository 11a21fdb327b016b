/** What stands where a secret stood. */
export const REDACTED = '[redacted]';

/**
 * The text with every secret blotted out, the longer ones first, since one may begin with another: as it is, and as it
 * stands within JSON text, where a quote or a line feed in one is written otherwise.
 */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets
    .flatMap(spellings)
    .toSorted((a, b) => b.length - a.length)
    .reduce((left, secret) => left.replaceAll(secret, REDACTED), text);
}

/** A text as it is, and as it stands within JSON text where that differs. */
export function spellings(text: string): string[] {
  const escaped = JSON.stringify(text).slice(1, -1);
  return escaped === text ? [text] : [text, escaped];
}

/** `Bearer` is as long; to blot out words would blacken innocent text. */
const LONGEST_WORD = 6;

/** What of these texts must not be repeated to anybody: the whole and each part between spaces, but for mere words. */
export function secretParts(texts: readonly string[]): string[] {
  return texts.flatMap((text) => [text, ...text.split(' ')]).filter((part) => part.length > LONGEST_WORD);
}
