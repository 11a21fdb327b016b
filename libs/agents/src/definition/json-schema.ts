import { z } from 'zod';
import { frontMatterSchema } from './front-matter';

/** What editors use to complete and check the front matter of an AGENT.md; committed as schema/agent.json. */
export function agentJsonSchema(): object {
  const { $schema, ...rest } = z.toJSONSchema(frontMatterSchema, { target: 'draft-07', io: 'input' });
  return { $schema, title: 'Front matter of an AGENT.md of Longhaul', ...rest };
}
