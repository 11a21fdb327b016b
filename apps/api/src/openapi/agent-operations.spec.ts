import { makeWorkspace } from '@longhaul/config/testing';
import { Ajv2020 } from 'ajv/dist/2020';
import { workspaceDocument } from './workspace-document';

const agent = (front: string) => `---\n${front}\n---\nx`;
const TREE = `
  type: object
  $defs:
    leaf: { type: object, properties: { size: { type: integer } }, required: [size] }
    named: { $anchor: name, type: string, maxLength: 3 }
  properties:
    leaf: { $ref: '#/$defs/leaf' }
    name: { $ref: '#name' }
    child: { $ref: '#' }
    $ref: { type: string }
    fixed: { const: { $ref: '#/$defs/leaf' } }
  additionalProperties: false`;

async function documentOf(files: Record<string, string>) {
  return workspaceDocument(makeWorkspace(files));
}

/** What the document says of the bodies of this path. */
async function bodyCheck(schema: string) {
  const document = await documentOf({ 'agents/a/AGENT.md': agent(`input_schema:${schema}`) });
  const ajv = new Ajv2020({ strict: false, validateFormats: false }).addSchema({ $id: 'api', ...document });
  const pointer = 'paths/~1v1~1agents~1a~1invoke/post/requestBody/content/application~1json/schema';
  const validate = ajv.getSchema(`api#/${pointer}`);
  return (input: unknown) => validate?.({ input });
}

describe("an agent's schema in the document", () => {
  it.each([
    [{ leaf: { size: 1 } }, true],
    [{ leaf: { size: 'x' } }, false],
    [{ child: { child: { leaf: {} } } }, false],
    [{ child: { child: { leaf: { size: 2 } } } }, true],
    [{ name: 'abc' }, true],
    [{ name: 'abcd' }, false],
    [{ $ref: 'a field of this name' }, true],
    [{ $ref: 5 }, false],
    [{ fixed: { $ref: '#/$defs/leaf' } }, true],
    [{ other: 1 }, false],
  ])('with references into itself says of %j: %s', async (input, fits) => {
    expect((await bodyCheck(TREE))(input)).toBe(fits);
  });

  it.each([
    ['an $id of its own', `\n  $id: https://example.com/s\n  $ref: 'https://example.com/s#/$defs/x'`],
    ['draft 7', `\n  $schema: http://json-schema.org/draft-07/schema#\n  allOf: [{ $ref: '#/$defs/x' }]`],
  ])('may have %s', async (_, schema) => {
    const check = await bodyCheck(`${schema}\n  $defs: { x: { required: [y] } }`);
    expect([check({ y: 1 }), check({})]).toEqual([true, false]);
  });

  it.each([
    ['with examples', 'examples: [{ n: 5 }]', { input: { n: 5 } }],
    ['without one', 'description: none', undefined],
  ])('%s gives the request its example', async (_, line, example) => {
    const document = await documentOf({ 'agents/a/AGENT.md': agent(`input_schema:\n  ${line}`) });
    const body = document.paths['/v1/agents/a/invoke']?.post?.requestBody;
    expect(body).toHaveProperty(['content', 'application/json', 'schema']);
    expect(Reflect.get(Reflect.get(body ?? {}, 'content')['application/json'], 'example')).toEqual(example);
  });

  it('gives the answer its example, and there is none of another agent', async () => {
    const document = await documentOf({
      'agents/a/AGENT.md': agent('output_schema: { examples: [{ ok: true }] }'),
      'agents/b/AGENT.md': agent('input_schema: { type: object }'),
    });
    expect(document.paths['/v1/agents/a/invoke']?.post?.responses).toMatchObject({
      200: { content: { 'application/json': { example: { agent: 'a', output: { ok: true } } } } },
      202: { content: { 'application/json': { example: { agent: 'a', status: 'queued' } } } },
    });
    expect(JSON.stringify(document.paths['/v1/agents/b/invoke'])).not.toMatch(/research-agent|heat pumps/);
  });

  it('is given under an operation whose name no other agent has', async () => {
    const ids = ['a-b', 'a_b', 'a--b', 'a__b', 'a-_b'];
    const files = ids.map((id) => [`agents/${id}/AGENT.md`, agent('input_schema: { type: object }')]);
    const { paths, components } = await documentOf(Object.fromEntries(files) as Record<string, string>);
    const names = ids.map((id) => paths[`/v1/agents/${id}/invoke`]?.post?.operationId);
    expect(names[0]).toBe('invoke_a_b');
    expect(new Set(names).size).toBe(ids.length);
    const all = Object.values(paths).flatMap((item) =>
      [item.get, item.post].map((operation) => operation?.operationId),
    );
    const given = all.filter((name) => name !== undefined);
    expect(new Set(given).size).toBe(given.length);
    expect(names.filter((name) => components?.schemas?.[`${name}_input`] === undefined)).toEqual([]);
  });

  it('stays when the agent is disabled, which is said', async () => {
    const { paths } = await documentOf({
      'agents/a/AGENT.md': agent('enabled: false\ndescription: Sorts\noutput_schema: { type: array }'),
    });
    const operation = paths['/v1/agents/a/invoke']?.post;
    expect(operation?.description).toBe('Sorts\n\nDisabled: answers 409 `agent_disabled`.');
    expect(JSON.stringify(operation?.responses['200'])).toContain('#/components/schemas/invoke_a_output');
  });
});
