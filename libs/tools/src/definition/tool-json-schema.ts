import { z } from 'zod';
import { toolSchema } from './front-matter';

/** What editors use to complete and check the front matter of a TOOL.md; committed as schema/tool.json. */
export function toolJsonSchema(): object {
  const { $schema, ...rest } = z.toJSONSchema(toolSchema, { target: 'draft-07', io: 'input' });
  return { $schema, title: 'Front matter of a TOOL.md of Longhaul', ...rest };
}
