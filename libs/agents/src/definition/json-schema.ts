import { z } from 'zod';
import { frontMatterSchema } from './front-matter';

/** What editors use to complete and check the front matter of an AGENT.md; committed as schema/agent.json. */
export function agentJsonSchema(): object {
  const { $schema, properties = {}, ...rest } = z.toJSONSchema(frontMatterSchema, { target: 'draft-07', io: 'input' });
  const { model, result_event, ...others } = properties;
  // A name alone is made an object before the schema sees it.
  const name = { type: 'string', minLength: 1, description: 'provider/model, for example demo/echo' };
  const event = { type: 'string', minLength: 1, description: 'The name alone, such as support.triage.completed' };
  const title = 'Front matter of an AGENT.md of Longhaul';
  return {
    $schema,
    title,
    ...rest,
    properties: { ...others, model: { anyOf: [model, name] }, result_event: { anyOf: [result_event, event] } },
  };
}
