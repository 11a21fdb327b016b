import { type ArgumentMetadata, Injectable, type PipeTransform, type Type } from '@nestjs/common';
import { isJsonObject, type Issue, LonghaulError, unknownName } from '@longhaul/kernel';
import { getMetadataStorage, validateSync } from 'class-validator';
import { expected } from './fields';

/** For a route without query parameters: any is unknown. */
export class NoQuery {}

/** What a body's class extends when the body may be absent. */
export abstract class OptionalBody {}

/**
 * Makes the DTO that a `@Body()` or `@Query()` asks for, or throws `invalid_request` with everything that is wrong
 * at once. What is not there stays absent; `null` counts as absent. Instead of Nest's ValidationPipe, because fields
 * nobody knows must be told with a suggestion, and because the hot path can do without class-transformer.
 */
@Injectable()
export class DtoPipe implements PipeTransform {
  private readonly fields = new Map<Type, string[]>();

  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if ((type !== 'body' && type !== 'query') || metatype === undefined) return value;
    const known = this.fieldsOf(metatype);
    // Not one of ours: a module of the operator's own checks what it takes itself.
    if (known.length === 0 && metatype !== NoQuery) return value;
    if (type === 'body' && value === undefined) {
      if (metatype.prototype instanceof OptionalBody) return new metatype();
      throw new LonghaulError('body_required', 'the request has no body: send a JSON object, with its Content-Type');
    }
    if (!isJsonObject(value)) throw invalid([{ path: '', message: expected('object', value) }]);
    const dto = new (metatype as Type<Record<string, unknown>>)();
    for (const name of known) {
      if (Object.hasOwn(value, name) && value[name] !== null) dto[name] = value[name];
    }
    const issues = [
      ...Object.keys(value)
        .filter((name) => !known.includes(name))
        .map((name) => ({ path: name, message: unknownName(KINDS[type], name.slice(0, 100), known) })),
      ...issuesOf(dto),
    ];
    if (issues.length > 0) throw invalid(issues);
    return dto;
  }

  private fieldsOf(metatype: Type): string[] {
    let known = this.fields.get(metatype);
    if (!known) {
      const rules = getMetadataStorage().getTargetValidationMetadatas(metatype, '', true, false);
      this.fields.set(metatype, (known = [...new Set(rules.map((rule) => rule.propertyName))]));
    }
    return known;
  }
}

const KINDS = { body: 'field', query: 'query parameter' } as const;

function issuesOf(dto: object): Issue[] {
  const errors = validateSync(dto, { forbidUnknownValues: false, stopAtFirstError: true });
  return errors.map(({ property, constraints = {} }) => ({
    path: property,
    message: Object.values(constraints)[0] ?? 'is not valid',
  }));
}

function invalid(issues: Issue[]): LonghaulError {
  const [first] = issues;
  const text = first?.path ? `${first.path}: ${first.message}` : `the body: ${first?.message}`;
  const more = issues.length > 1 ? `, and ${issues.length - 1} more: see errors` : '';
  return new LonghaulError('invalid_request', text + more, { issues });
}
