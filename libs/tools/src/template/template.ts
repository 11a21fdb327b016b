import type { TemplateScope } from './template-scope';

/**
 * A text with placeholders, in parts. `bad` stands for `{{…}}` that was meant as a placeholder and is none; what does
 * not look like one (`{{.Names}}` of other programs' templates) is text.
 */
export type TemplatePart =
  { kind: 'text'; text: string } | { kind: 'value'; source: string; path: string[] } | { kind: 'bad'; source: string };

const BRACES = /\{\{([^{}]*)\}\}/g;
const NAME = /^[A-Za-z_][\w-]*(?:\.[\w-]+)*$/;

export function parseTemplate(template: string, { root }: TemplateScope): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let end = 0;
  const addText = (text: string) => {
    if (text !== '') parts.push({ kind: 'text', text });
  };
  for (const match of template.matchAll(BRACES)) {
    const part = placeholder(match[0], (match[1] ?? '').trim(), root);
    if (!part) continue;
    addText(template.slice(end, match.index));
    parts.push(part);
    end = match.index + match[0].length;
  }
  addText(template.slice(end));
  return parts;
}

/** A text without any. */
export function isFixed(template: string, scope: TemplateScope): boolean {
  return parseTemplate(template, scope).every((part) => part.kind === 'text');
}

function placeholder(source: string, name: string, root: string): TemplatePart | undefined {
  if (!NAME.test(name)) return new RegExp(`^${root}\\b`).test(name) ? { kind: 'bad', source } : undefined;
  const [head, ...path] = name.split('.');
  return head === root && path.length > 0 ? { kind: 'value', source, path } : { kind: 'bad', source };
}
