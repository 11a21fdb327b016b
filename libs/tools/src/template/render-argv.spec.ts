import type { JsonObject, JsonValue } from '@longhaul/kernel';
import { renderArgv, renderText } from './render-argv';
import { INPUT_SCOPE, templateValues } from './template-scope';

const render = (argv: string[], input: JsonValue, schema: JsonObject | null = null) =>
  renderArgv(['prog', ...argv], templateValues(INPUT_SCOPE, input, schema)).slice(1);

describe('the arguments of a command', () => {
  it.each<[name: string, argv: string[], input: JsonValue, expected: string[]]>([
    [
      'are as written without placeholders',
      ['-a', '', '{{.Names}}', '{{json .}}'],
      {},
      ['-a', '', '{{.Names}}', '{{json .}}'],
    ],
    ['take a value into a text', ['--name={{input.name}}!'], { name: 'x' }, ['--name=x!']],
    ['may have spaces in the braces', ['{{  input.name }}'], { name: 'x' }, ['x']],
    ['take several', ['{{input.a}}-{{input.b}}'], { a: 1, b: true }, ['1-true']],
    ['take what is nested', ['{{input.a.b-c.1}}'], { a: { 'b-c': [0, 'y'] } }, ['y']],
    ['keep what a shell would read', ['{{input.x}}'], { x: '$(id) `id` ; rm "*" \n' }, ['$(id) `id` ; rm "*" \n']],
    ['do not read placeholders in values', ['{{input.x}}'], { x: '{{input.x}}' }, ['{{input.x}}']],
    ['keep an empty text as an argument', ['{{input.x}}'], { x: '' }, ['']],
    ['take an array as several', ['a', '{{input.x}}', 'b'], { x: ['1', 2, false] }, ['a', '1', '2', 'false', 'b']],
    ['take an empty array as none', ['a', '{{input.x}}'], { x: [] }, ['a']],
    ['take a negative number', ['{{input.x}}'], { x: -5 }, ['-5']],
    ['take a dash behind --', ['--', '{{input.x}}'], { x: '-rf' }, ['--', '-rf']],
    ['take a dash within an argument', ['--name={{input.x}}'], { x: '-rf' }, ['--name=-rf']],
  ])('%s', (_, argv, input, expected) => {
    expect(render(argv, input)).toEqual(expected);
  });

  it('take a default of the schema for what is missing', () => {
    const properties = { n: { default: 3 }, o: { properties: { p: { default: 'q' } } } };
    expect(render(['{{input.n}}', '{{input.o.p}}'], {}, { properties })).toEqual(['3', 'q']);
    expect(render(['{{input.n}}'], { n: 4 }, { properties })).toEqual(['4']);
  });

  it.each<[name: string, argv: string[], input: JsonValue, message: RegExp]>([
    ['a missing value', ['{{input.a.b}}'], { a: {} }, /^input\.a\.b: is missing.*default in input_schema/],
    ['null', ['{{input.a}}'], { a: null }, /^input\.a: is missing/],
    ['a value of the prototype', ['{{input.constructor}}'], {}, /^input\.constructor: is missing/],
    ['an input that is no object', ['{{input.a}}'], 'text', /^input\.a: is missing/],
    ['an object', ['{{input.a}}'], { a: {} }, /^input\.a: expected text.*got an object/],
    ['an array within an argument', ['x{{input.a}}'], { a: ['1'] }, /^input\.a: .*got an array/],
    ['an array in an array', ['{{input.a}}'], { a: [['1']] }, /^input\.a: .*got an array/],
    ['null in an array', ['{{input.a}}'], { a: [null] }, /^input\.a: .*got null/],
    ['NUL', ['{{input.a}}'], { a: 'x\0y' }, /^input\.a: holds NUL/],
    [
      'what would be an option',
      ['{{input.a}}'],
      { a: '--exec=sh' },
      /^input\.a: begins with "-".*--name=\{\{input\.a\}\}/,
    ],
    ['an option in an array', ['{{input.a}}'], { a: ['x', '-y'] }, /^input\.a: begins with "-"/],
    ['an option that begins as a number', ['{{input.n}}{{input.a}}'], { n: -1, a: 'rf' }, /^input\.n: begins with "-"/],
    ['an option put together', ['{{input.a}}-y'], { a: '' }, /^input\.a: begins with "-"/],
    ['an option before --', ['{{input.a}}', '--'], { a: '-y' }, /^input\.a: begins with "-"/],
  ])('refuse %s for good, and say which and how to mend it', (_, argv, input, message) => {
    expect(() => render(argv, input)).toThrow(
      expect.objectContaining({ code: 'invalid_input', retryable: false, message: expect.stringMatching(message) }),
    );
  });

  it('are not what a variable is: its value stays one text, dashes and all', () => {
    const values = templateValues(INPUT_SCOPE, { a: '-x', list: ['1'] }, null);
    expect(renderText('{{input.a}}', values)).toBe('-x');
    expect(() => renderText('{{input.list}}', values)).toThrow(/got an array/);
  });
});
