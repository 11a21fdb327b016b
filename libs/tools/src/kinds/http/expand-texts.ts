import { isJsonObject, type JsonValue, secretParts } from '@longhaul/kernel';
import type { ToolSettings } from '../../tools-options';
import type { HttpToolOptions } from './http-schema';

/**
 * The object with every `${NAME}` replaced by what the environment has, or why that cannot be done. Done before any
 * argument is filled in: what a model says is never read as a reference. `secrets` must not be repeated to anybody.
 */
export function expandTexts(
  own: HttpToolOptions,
  expand: ToolSettings['expand'],
): { own: HttpToolOptions; secrets: string[] } | { reason: string } {
  const secrets: string[] = [];
  const problems: string[] = [];
  const walk = (value: JsonValue, place: string): JsonValue => {
    if (typeof value === 'string') {
      if (!value.includes('${')) return value;
      const expanded = expand(value);
      if ('message' in expanded) {
        problems.push(`${place}: ${expanded.message}: ${expanded.hint}`);
        return value;
      }
      secrets.push(...differing(expanded.value, value));
      return expanded.value;
    }
    if (Array.isArray(value)) return value.map((item, index) => walk(item, `${place}[${index}]`));
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, `${place}.${key}`)]));
  };
  const replaced = walk(own, 'http') as HttpToolOptions;
  const [reason] = problems;
  if (reason !== undefined) return { reason };
  if (!/^https?:\/\/[^/?#\s]+/i.test(replaced.url)) {
    return { reason: 'http.url: is no http or https URL once its variables are filled in: mend the variable' };
  }
  return { own: replaced, secrets: secretParts(secrets) };
}

/** The parts of an expanded text that do not stand in what was written. */
function differing(expanded: string, written: string): string[] {
  return expanded.split(/[/?&=#\s]/).filter((part) => part !== '' && !written.includes(part));
}
