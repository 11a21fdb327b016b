import type { Type } from '@nestjs/common';
import { LonghaulError } from '@longhaul/kernel';
import { DtoPipe } from './dto.pipe';
import { type About, field, type Rule } from './fields';

const pipe = new DtoPipe();

/** An object with the fields of this class. Stays as it was sent: `null` in it counts as absent. */
export function NestedField(about: About, type: Type): PropertyDecorator {
  const rule: Rule = (value) => {
    try {
      pipe.transform(value, { type: 'body', metatype: type });
    } catch (error) {
      if (error instanceof LonghaulError) return error.message;
      throw error;
    }
    return undefined;
  };
  return field(rule, { type }, about, false);
}
