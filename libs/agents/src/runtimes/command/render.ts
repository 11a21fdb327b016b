import { type JsonValue, PermanentError } from '@longhaul/kernel';
import { parseTemplate, type TemplatePart } from './template';

/** The input's value at a path below `input`; undefined when there is none. */
export type InputReader = (path: readonly string[]) => JsonValue | undefined;

/**
 * The arguments of one run. A value stays one argument, whatever it holds; only an argument that is one placeholder and
 * nothing else takes an array, as several arguments. Throws `invalid_input` for a value that is missing, is an object,
 * or would turn its argument into an option: text from the input that begins with "-" is taken only after a `--`.
 */
export function renderArgv(argv: readonly string[], read: InputReader): string[] {
  const dashes = argv.indexOf('--');
  return argv.flatMap((argument, index) => renderArgument(argument, read, dashes > 0 && index > dashes));
}

/** A text that must stay one text, such as a variable's value. */
export function renderText(template: string, read: InputReader): string {
  return parseTemplate(template)
    .map((part) => (part.kind === 'input' ? scalar(part.path, valueOf(part.path, read)) : literal(part)))
    .join('');
}

function renderArgument(template: string, read: InputReader, afterDashes: boolean): string[] {
  const [first, ...more] = parseTemplate(template);
  if (first?.kind !== 'input') return [renderText(template, read)];
  const value = valueOf(first.path, read);
  const items = Array.isArray(value) && more.length === 0 ? value : undefined;
  const texts = items ? items.map((item) => scalar(first.path, item)) : [renderText(template, read)];
  const isNumber = (index: number) => more.length === 0 && typeof (items?.[index] ?? value) === 'number';
  const dashed = texts.find((text, index) => text.startsWith('-') && !isNumber(index));
  if (dashed !== undefined && !afterDashes) {
    const mend = `send another value, or have the agent's author write "--" before it or --name=${first.source}`;
    throw refused(first.path, `begins with "-", and would be read as an option: ${mend}`);
  }
  return texts;
}

function literal(part: Exclude<TemplatePart, { kind: 'input' }>): string {
  return part.kind === 'text' ? part.text : part.source;
}

function valueOf(path: readonly string[], read: InputReader): JsonValue {
  const value = read(path);
  if (value !== undefined && value !== null) return value;
  throw refused(path, 'is missing, and the command needs it: send it, or give it a default in input_schema');
}

function scalar(path: readonly string[], value: JsonValue): string {
  if (typeof value === 'object') {
    const found = value === null ? 'null' : Array.isArray(value) ? 'an array' : 'an object';
    throw refused(path, `expected text, a number, true or false, got ${found}`);
  }
  const text = String(value);
  if (text.includes('\0')) throw refused(path, 'holds NUL, which no argument can: send it without');
  return text;
}

function refused(path: readonly string[], message: string): PermanentError {
  return new PermanentError(`input.${path.join('.')}: ${message}`, { code: 'invalid_input' });
}
