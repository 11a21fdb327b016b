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

/**
 * The same for a text that was cut off at either end: what it begins or ends with there may be a part of a secret. Parts as
 * short as a word stay.
 */
export function redactCut(text: string, secrets: readonly string[]): string {
  return secrets.flatMap(spellings).reduce(
    (left, secret) => {
      const most = Math.min(secret.length - 1, left.length);
      const kept = longest(most, (n) => left.startsWith(secret.slice(-n)));
      const begun = longest(most, (n) => left.endsWith(secret.slice(0, n)));
      const middle = left.slice(kept, Math.max(kept, left.length - begun));
      return `${kept > 0 ? REDACTED : ''}${middle}${begun > 0 ? REDACTED : ''}`;
    },
    redact(text, secrets),
  );
}

function longest(most: number, fits: (length: number) => boolean): number {
  for (let length = most; length > LONGEST_WORD; length -= 1) if (fits(length)) return length;
  return 0;
}

/** What of these texts must not be repeated to anybody: the whole and each part between spaces, but for mere words. */
export function secretParts(texts: readonly string[]): string[] {
  return texts.flatMap((text) => [text, ...text.split(' ')]).filter((part) => part.length > LONGEST_WORD);
}
