import { createHash } from 'node:crypto';

/** Longer messages quote what they were given; their beginning says what went wrong. */
const MAX_LENGTH = 1_000;

/** A number behind one of these words tells causes apart: `answered 401` is not `answered 503`. */
const TELLING = String.raw`\b(?:answered|status|status code|http|code|exit code|errno|exited with|signal)[ :=]{1,2}`;

/**
 * What changes from one failure to the next although the cause is the same, and what stands for it. In this order: each
 * takes what the ones before it left. Short quoted texts stay: they name the field, the file or the tool that is the
 * cause; long ones quote what was worked on.
 */
const VOLATILE: readonly [RegExp, string][] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<id>'],
  [/\b(?:[a-z]{2,5}_)?[0-9A-HJKMNP-TV-Z]{26}\b/g, '<id>'],
  [/\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?/g, '<time>'],
  [/"[^"]{33,}"|'[^']{33,}'|`[^`]{33,}`/g, '<text>'],
  [/\b0x[0-9a-f]+\b/gi, '<hex>'],
  [/\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b/gi, '<hex>'],
  [/\b(?=[\w-]*\d)[\w-]{20,}\b/g, '<id>'],
  [new RegExp(String.raw`(?<!\d)(?<!${TELLING})\d+(?:[.,:]\d+)*`, 'gi'), '<n>'],
  [/\s+/g, ' '],
];

/** The message without what is volatile in it. */
export function causeOf(message: string): string {
  let cause = message.slice(0, MAX_LENGTH);
  for (const [pattern, placeholder] of VOLATILE) cause = cause.replace(pattern, placeholder);
  return cause.trim();
}

/** Failures of one target with the same fingerprint have the same cause, as far as code and message tell: 16 hex digits. */
export function fingerprintOf(target: string, { code, message }: { code: string; message: string }): string {
  const text = JSON.stringify([target, code, causeOf(message)]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
