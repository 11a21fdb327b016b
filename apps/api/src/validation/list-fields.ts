import { type About, expected, expectedOneOf, field, type Rule } from './fields';

/** Either each item is one of `items`, or has the form that `form` names. */
type Items =
  { items: readonly string[] } | { form: { test: (text: string) => boolean; name: string }; maxItems: number };

/** A list of texts that are known, or have a form: what is wrong with one names it. */
export function ItemsField(about: About & Items): PropertyDecorator {
  const maxItems = 'items' in about ? about.items.length : about.maxItems;
  const wrongWith = (item: unknown): string | undefined => {
    if ('items' in about) return about.items.includes(item as string) ? undefined : expectedOneOf(about.items, item);
    const fits = typeof item === 'string' && about.form.test(item);
    return fits ? undefined : `expected ${about.form.name}, got ${JSON.stringify(item)?.slice(0, 100)}`;
  };
  const rule: Rule = (value) => {
    if (!Array.isArray(value)) return expected('array of strings', value);
    if (value.length > maxItems) return `expected at most ${maxItems} items, got ${value.length}`;
    return value.map(wrongWith).find((wrong) => wrong !== undefined);
  };
  const item = 'items' in about ? { type: 'string', enum: [...about.items] } : { type: 'string' };
  const { description, example } = about;
  return field(rule, { type: 'array', maxItems, items: item }, { description, example }, false);
}

export function BooleanField(about: About): PropertyDecorator {
  const rule: Rule = (value) => (typeof value === 'boolean' ? undefined : expected('true or false', value));
  return field(rule, { type: 'boolean' }, about, false);
}
