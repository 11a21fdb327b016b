import { redact, spellings } from '@longhaul/kernel';
import { redactValues } from '../redact-values';

/**
 * One line of JSON without the secrets, and JSON still: also where a secret has quotes, or looks like a number, or
 * stands in a text that is JSON itself.
 */
export function redactLine(line: string, secrets: readonly string[]): string {
  if (
    !secrets.some((secret) =>
      spellings(secret)
        .flatMap(spellings)
        .some((text) => line.includes(text)),
    )
  )
    return line;
  try {
    return `${JSON.stringify(redactValues<unknown>(JSON.parse(line), secrets))}\n`;
  } catch {
    return redact(line, secrets);
  }
}
