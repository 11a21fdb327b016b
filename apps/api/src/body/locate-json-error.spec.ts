import fc from 'fast-check';
import { locateJsonError } from './locate-json-error';

describe('locateJsonError', () => {
  it.each([
    ['{"a":', 1, 6, 'the end'],
    ['{"a": x}', 1, 7, '"x"'],
    ['{"a" 1}', 1, 6, '"1"'],
    ['{"a": 1,}', 1, 9, '"}"'],
    ['[1, 2', 1, 6, 'the end'],
    ['[1 2]', 1, 4, '"2"'],
    ['{\n  "a": 1\n  "b": 2\n}', 3, 3, '"\\""'],
    ["{'a': 1}", 1, 2, `"'"`],
    ['{"a": 01}', 1, 8, '"1"'],
    ['{"a": NaN}', 1, 7, '"N"'],
    ['{} {}', 1, 4, '"{"'],
    ['\ufeff{}', 1, 1, '"\ufeff"'],
    ['"a\nb"', 1, 1, '"\\""'],
    ['[1}', 1, 3, '"}"'],
    ['', 1, 1, 'the end'],
    ['😀', 1, 1, '"😀"'],
  ])('finds in %j the place %i:%i', (text, line, column, found) => {
    expect(locateJsonError(text)).toEqual({ line, column, found });
  });

  it('agrees with JSON.parse that valid JSON has no error before its end', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const { line, column } = locateJsonError(text);
        const lines = text.split('\n');
        expect([line, column]).toEqual([lines.length, (lines.at(-1)?.length ?? 0) + 1]);
      }),
    );
  });

  it('does not run out of stack on a deep text', () => {
    expect(locateJsonError('['.repeat(200_000)).column).toBe(200_001);
  });
});
