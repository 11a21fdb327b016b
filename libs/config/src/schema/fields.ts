import { z } from 'zod';
import { RATE_FORM, RATE_RULE } from '../rate';

/** A number with its range, which the error names; whole unless `fraction` is set. */
export function number(range: { min: number; max: number; fraction?: boolean }, description: string): z.ZodNumber {
  const error = `must be a number from ${range.min} to ${range.max}`;
  const inRange = z.number().min(range.min, { error }).max(range.max, { error });
  return (range.fraction ? inRange : inRange.int({ error: 'must be a whole number' })).describe(description);
}

/** Text that is not empty, of a certain form when `form` is given; the error says `rule`. */
export function text(description: string, form?: { pattern: RegExp; rule: string }): z.ZodString {
  const filled = z.string().min(1, { error: 'must not be empty' });
  return (form ? filled.regex(form.pattern, { error: form.rule }) : filled).describe(description);
}

/** A section of gateway.yaml: unknown keys are errors, a missing section is one of defaults. */
export function section<Shape extends z.core.$ZodLooseShape>(
  description: string,
  shape: Shape,
): z.ZodPrefault<z.ZodObject<Shape, z.core.$strict>>;
export function section(description: string, shape: z.core.$ZodLooseShape): z.ZodType {
  return z.strictObject(shape).prefault({}).describe(description);
}

const DAY_S = 86_400;

/** So much in a time. */
export function rate(description: string): z.ZodString {
  return z.string().regex(RATE_FORM, { error: RATE_RULE }).describe(description);
}

/** A span in seconds of up to a week. */
export function seconds(min: number, description: string): z.ZodNumber {
  return number({ min, max: 7 * DAY_S, fraction: true }, description);
}

export function port(description: string): z.ZodNumber {
  return number({ min: 0, max: 65_535 }, description);
}

/** A URL with one of these schemes. The value is never repeated in the error: it may carry a password. */
export function url(schemes: string[], description: string): z.ZodString {
  const hasScheme = (value: string) => URL.canParse(value) && schemes.includes(new URL(value).protocol.slice(0, -1));
  const forms = schemes.map((scheme) => `${scheme}://`).join(' or ');
  return text(description).refine(hasScheme, { error: `must be a URL that starts with ${forms}` });
}
