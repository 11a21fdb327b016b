import { refusedValue, scalarText, valueOf } from './render-value';
import { parseTemplate, type TemplatePart } from './template';
import type { TemplateValues } from './template-scope';

/**
 * The arguments of one run. A value stays one argument, whatever it holds; only an argument that is one placeholder and
 * nothing else takes an array, as several arguments. Throws `invalid_input` for a value that is missing, is an object,
 * or would turn its argument into an option: text from outside that begins with "-" is taken only after a `--`.
 */
export function renderArgv(argv: readonly string[], values: TemplateValues): string[] {
  const dashes = argv.indexOf('--');
  return argv.flatMap((argument, index) => renderArgument(argument, values, dashes > 0 && index > dashes));
}

/** A text that must stay one text, such as a variable's value. */
export function renderText(template: string, values: TemplateValues): string {
  return parseTemplate(template, values.scope)
    .map((part) =>
      part.kind === 'value' ? scalarText(part.path, valueOf(part.path, values), values.scope) : literal(part),
    )
    .join('');
}

function renderArgument(template: string, values: TemplateValues, afterDashes: boolean): string[] {
  const { scope } = values;
  const [first, ...more] = parseTemplate(template, scope);
  if (first?.kind !== 'value') return [renderText(template, values)];
  const value = valueOf(first.path, values);
  const items = Array.isArray(value) && more.length === 0 ? value : undefined;
  const texts = items ? items.map((item) => scalarText(first.path, item, scope)) : [renderText(template, values)];
  const isNumber = (index: number) => more.length === 0 && typeof (items?.[index] ?? value) === 'number';
  const dashed = texts.find((text, index) => text.startsWith('-') && !isNumber(index));
  if (dashed !== undefined && !afterDashes) {
    const mend = `send another value, or have the author write "--" before it or --name=${first.source}`;
    throw refusedValue(scope, first.path, `begins with "-", and would be read as an option: ${mend}`);
  }
  return texts;
}

function literal(part: Exclude<TemplatePart, { kind: 'value' }>): string {
  return part.kind === 'text' ? part.text : part.source;
}
