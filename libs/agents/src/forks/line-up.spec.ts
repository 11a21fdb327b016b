import type { Step } from '@longhaul/executions';
import { lineUp } from './line-up';

const steps = (keys: string) => Array.from(keys, (key) => ({ key, id: key }) as Step);

describe('two journals in one line', () => {
  it.each([
    ['abc', 'abc', 'a= b= c='],
    ['abc', 'ac', 'a= b< c='],
    ['ac', 'abc', 'a= b> c='],
    ['abc', 'axc', 'a= b< x> c='],
    ['abc', 'cba', 'a= b= c='],
    ['', 'ab', 'a> b>'],
    ['ab', '', 'a< b<'],
    ['ab', 'abxy', 'a= b= x> y>'],
  ])('%s beside %s', (left, right, line) => {
    const pairs = lineUp(steps(left), steps(right));
    const shown = pairs.map((pair) => pair.key + (pair.left && pair.right ? '=' : pair.left ? '<' : '>'));
    expect(shown.join(' ')).toBe(line);
  });
});
