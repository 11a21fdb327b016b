import { isJsonObject, type JsonValue, PermanentError } from '@longhaul/kernel';
import { refusedValue, scalarText, valueOf } from '../../template/render-value';
import { parseTemplate } from '../../template/template';
import { ARGUMENTS_SCOPE, type TemplateValues } from '../../template/template-scope';
import type { HttpToolOptions } from './http-schema';

export interface RenderedRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  headers: Record<string, string>;
  body?: string;
}

/**
 * The request of one call. A value stays where it stands: it is encoded for its place, so that none adds a path, a
 * parameter, a header or a field. Throws `invalid_input` for one that does not fit there.
 */
export function renderRequest(own: HttpToolOptions, values: TemplateValues): RenderedRequest {
  const { method = 'GET', body } = own;
  const headers = headersOf(own.headers ?? {}, values);
  const text = typeof body === 'string' ? optionalText(body, values) : body && JSON.stringify(filled(body, values));
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
  return {
    method,
    url: urlOf(own, values),
    headers: {
      ...(text === undefined ? {} : { 'content-type': type }),
      accept: 'application/json, */*;q=0.5',
      ...headers,
    },
    ...(text === undefined ? {} : { body: text }),
  };
}

function urlOf(own: HttpToolOptions, values: TemplateValues): string {
  const [address = '', query] = own.url.split('#', 1)[0]?.split(/\?(.*)/s) ?? [];
  const [, origin = '', path = ''] = /^([a-z]+:\/\/[^/]*)(.*)$/is.exec(address) ?? [];
  const parsed = URL.parse(
    encoded(origin, values) +
      path
        .split('/')
        .map((part) => segment(part, values))
        .join('/'),
  );
  if (!parsed) throw new PermanentError('http.url: the arguments make no URL of it', { code: 'invalid_input' });
  if (query !== undefined) parsed.search = encoded(query, values);
  for (const [name, template] of Object.entries(own.query ?? {})) {
    for (const text of parameters(String(template), values)) parsed.searchParams.append(name, text);
  }
  return parsed.href;
}

/** One that is nothing, or leads up, would make it another path. */
function segment(template: string, values: TemplateValues): string {
  const parts = parseTemplate(template, ARGUMENTS_SCOPE);
  const text = encoded(template, values);
  const [value] = parts.filter((part) => part.kind === 'value');
  if (value && /^(?:\.|%2e){0,2}$/i.test(text)) {
    const got = text === '' ? 'is empty' : `is "${decodeURIComponent(text)}"`;
    throw refusedValue(values.scope, value.path, `${got}, which would lead to another path: send another value`);
  }
  return text;
}

function encoded(template: string, values: TemplateValues): string {
  return parseTemplate(template, ARGUMENTS_SCOPE)
    .map((part) => {
      if (part.kind !== 'value') return part.kind === 'text' ? part.text : part.source;
      const text = scalarText(part.path, valueOf(part.path, values), values.scope);
      // Half a character has no encoding.
      return encodeURIComponent(text.toWellFormed());
    })
    .join('');
}

/** None for an argument that is missing, several for a list. */
function parameters(template: string, values: TemplateValues): string[] {
  const [first, ...more] = parseTemplate(template, ARGUMENTS_SCOPE);
  if (first?.kind === 'value' && more.length === 0) {
    const value = values.read(first.path);
    if (Array.isArray(value)) return value.map((item) => scalarText(first.path, item, values.scope));
  }
  const text = optionalText(template, values);
  return text === undefined ? [] : [text];
}

/** Undefined where an argument of it is missing. */
function optionalText(template: string, values: TemplateValues): string | undefined {
  const parts = parseTemplate(template, ARGUMENTS_SCOPE);
  if (parts.some((part) => part.kind === 'value' && (values.read(part.path) ?? null) === null)) return undefined;
  return parts
    .map((part) => {
      if (part.kind !== 'value') return part.kind === 'text' ? part.text : part.source;
      return scalarText(part.path, valueOf(part.path, values), values.scope);
    })
    .join('');
}

function headersOf(templates: Readonly<Record<string, string>>, values: TemplateValues): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, template] of Object.entries(templates)) {
    const text = optionalText(template, values);
    if (text === undefined) continue;
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) {
      const message = `http.headers.${name}: a header holds only Latin letters and no line breaks: send another value`;
      throw new PermanentError(message, { code: 'invalid_input' });
    }
    headers[name.toLowerCase()] = text;
  }
  return headers;
}

/** A text that is one placeholder and nothing else is its value, as it is; what is missing is left out. */
function filled(value: JsonValue, values: TemplateValues): JsonValue | undefined {
  if (typeof value === 'string') {
    const [first, ...more] = parseTemplate(value, ARGUMENTS_SCOPE);
    if (first?.kind === 'value' && more.length === 0) return values.read(first.path);
    return optionalText(value, values);
  }
  if (Array.isArray(value)) return value.map((item) => filled(item, values)).filter((item) => item !== undefined);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, filled(item, values)] as const);
  return Object.fromEntries(entries.filter((entry): entry is readonly [string, JsonValue] => entry[1] !== undefined));
}
