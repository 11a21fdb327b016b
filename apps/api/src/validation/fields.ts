import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { isJsonObject, suggest } from '@longhaul/kernel';
import { ValidateBy, ValidateIf, type ValidationArguments } from 'class-validator';

/** What is wrong with a value, as the message of an issue; undefined when nothing is. */
export type Rule = (value: unknown) => string | undefined;
export type About = { description: string; example?: unknown };

/** Marks a field that must be there; the others take `undefined` and `null` for absent. */
function Required(): PropertyDecorator {
  return ValidateBy({
    name: 'required',
    validator: { validate: (value: unknown) => value !== undefined, defaultMessage: () => 'is required' },
  });
}

/** One decorator says what a field may be, to the validator and to the OpenAPI document. */
export function field(rule: Rule, schema: object, about: About, required: boolean): PropertyDecorator {
  const check = ValidateBy({
    name: 'field',
    validator: {
      validate: (value: unknown) => value === undefined || rule(value) === undefined,
      defaultMessage: (args?: ValidationArguments) => rule(args?.value) ?? '',
    },
  });
  const present = ValidateIf((_dto: object, value: unknown) => value !== undefined && value !== null);
  return applyDecorators(
    ApiProperty({ ...schema, ...about, required }),
    check,
    ...(required ? [Required()] : [present]),
  );
}

export function TextField(about: About & { max?: number; required?: boolean }): PropertyDecorator {
  const { max = Infinity, required = false, ...rest } = about;
  const rule: Rule = (value) => {
    if (typeof value !== 'string') return expected('string', value);
    if (value.trim() === '') return 'must not be empty';
    return value.length > max ? `expected at most ${max} characters, got ${value.length}` : undefined;
  };
  const maxLength = max === Infinity ? {} : { maxLength: max };
  return field(rule, { type: 'string', minLength: 1, ...maxLength }, rest, required);
}

/** Text of a certain form, which `form` names: `an id such as conv_01J…`. */
export function FormField(about: About & { form: string; test: (text: string) => boolean }): PropertyDecorator {
  const { form, test, ...rest } = about;
  const rule: Rule = (value) => {
    if (typeof value !== 'string') return expected('string', value);
    return test(value) ? undefined : `expected ${form}, got ${shown(value)}`;
  };
  return field(rule, { type: 'string' }, rest, false);
}

interface Range {
  min: number;
  max: number;
  integer?: boolean;
}

export function NumberField(about: About & Range): PropertyDecorator {
  const { min, max, integer = false, ...rest } = about;
  const rule: Rule = (value) => (typeof value === 'number' ? outside(value, about) : expected(rangeName(about), value));
  return field(rule, { type: integer ? 'integer' : 'number', minimum: min, maximum: max }, rest, false);
}

/** A number in the query, where everything is text. Stays text: the mapper turns it into a number. */
export function NumberParameter(about: About & Range): PropertyDecorator {
  const { min, max, integer = false, ...rest } = about;
  const rule: Rule = (value) => {
    const number = typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : NaN;
    return outside(number, about, value);
  };
  return field(rule, { type: integer ? 'integer' : 'number', minimum: min, maximum: max }, rest, false);
}

export function ChoiceField(about: About & { choices: readonly string[]; required?: boolean }): PropertyDecorator {
  const { choices, required = false, ...rest } = about;
  const rule: Rule = (value) => (choices.includes(value as string) ? undefined : expectedOneOf(choices, value));
  return field(rule, { type: 'string', enum: [...choices] }, rest, required);
}

/** Several of the choices: `?status=queued,running` or `?status=queued&status=running`. */
export function ChoicesParameter(about: About & { choices: readonly string[] }): PropertyDecorator {
  const { choices, ...rest } = about;
  const rule: Rule = (value) => {
    const wrong = splitList(value as string | string[]).find((item) => !choices.includes(item));
    return wrong === undefined ? undefined : expectedOneOf(choices, wrong);
  };
  const schema = { type: 'array', items: { type: 'string', enum: [...choices] }, style: 'form', explode: false };
  return field(rule, schema, rest, false);
}

export function splitList(value: string | string[] | undefined): string[] {
  return [value ?? []].flat().flatMap((part) => part.split(','));
}

export function MomentParameter(about: About): PropertyDecorator {
  return field(momentRule, { type: 'string', format: 'date-time' }, about, false);
}

const momentRule: Rule = (value) =>
  typeof value === 'string' && MOMENT.test(value) && !Number.isNaN(Date.parse(value))
    ? undefined
    : `expected a moment such as 2026-11-22T10:00:00Z, got ${shown(value)}`;

const MOMENT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

export function ObjectField(about: About): PropertyDecorator {
  return field(objectRule, { type: 'object', additionalProperties: true }, about, false);
}

const objectRule: Rule = (value) => (isJsonObject(value) ? undefined : expected('object', value));

export function TextListField(about: About & { maxItems: number; maxLength: number }): PropertyDecorator {
  const { maxItems, maxLength, ...rest } = about;
  const rule: Rule = (value) => {
    if (!Array.isArray(value)) return expected('array of strings', value);
    if (value.length > maxItems) return `expected at most ${maxItems} items, got ${value.length}`;
    const wrong = value.findIndex((item) => typeof item !== 'string' || item === '' || item.length > maxLength);
    return wrong < 0 ? undefined : `expected strings of 1 to ${maxLength} characters, item ${wrong} is not`;
  };
  return field(rule, { type: 'array', maxItems, items: { type: 'string', minLength: 1, maxLength } }, rest, false);
}

/** Only `true` may be said; who does not mean it leaves it out. */
export function TrueField(about: About): PropertyDecorator {
  const rule: Rule = (value) => (value === true ? undefined : `expected true or nothing, got ${shown(value)}`);
  return field(rule, { type: 'boolean', enum: [true] }, about, false);
}

/** Any JSON value. */
export function JsonField(about: About & { required: boolean }): PropertyDecorator {
  const { required, ...rest } = about;
  return field(() => undefined, { anyOf: [{}] }, rest, required);
}

function outside(number: number, range: Range, given: unknown = number): string | undefined {
  const fits = number >= range.min && number <= range.max && (!range.integer || Number.isInteger(number));
  return fits ? undefined : `expected ${rangeName(range)}, got ${shown(given)}`;
}

function rangeName({ min, max, integer }: Range): string {
  return `${integer ? 'whole number' : 'number'} from ${min} to ${max}`;
}

export function expectedOneOf(choices: readonly string[], value: unknown): string {
  const near = typeof value === 'string' ? suggest(value, choices) : undefined;
  const meant = near === undefined ? '' : `; did you mean "${near}"?`;
  return `expected one of ${choices.join(', ')}, got ${shown(value)}${meant}`;
}

/** `expected string, got number` */
export function expected(what: string, value: unknown): string {
  return `expected ${what}, got ${value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value}`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
