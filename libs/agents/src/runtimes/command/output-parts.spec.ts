import { Tail } from '@longhaul/tools';
import { ProgressReader } from './progress-reader';

describe('the tail', () => {
  it.each([
    ['is all of a short output', ['ab', 'cd'], 'abcd'],
    ['is the end of a long one', ['ab'.repeat(50), 'cdefgh'], 'cdefgh'.padStart(8, 'ab')],
    ['is the end of many pieces', Array.from({ length: 1000 }, (_, n) => String(n % 10)), '23456789'],
    ['does not begin with half a character', ['x🚚1234567'], '1234567'],
  ])('%s', (_, pieces, expected) => {
    const tail = new Tail(8);
    for (const piece of pieces) tail.add(piece);
    expect(tail.text).toBe(expected);
  });
});

describe('progress', () => {
  const PERCENT = '(\\d+(?:\\.\\d+)?)%';

  it.each<[name: string, pattern: string, pieces: string[], percent: (number | undefined)[]]>([
    ['is a percentage', PERCENT, ['at 5%\n'], [5]],
    ['is done of total', '^\\[(\\d+)/(\\d+)\\]', ['[3/4] x\n'], [75]],
    ['is the last of several lines', PERCENT, ['1%\n2%\n3%\nnone\n'], [3]],
    ['comes in pieces', PERCENT, ['4', '5', '%\n'], [undefined, undefined, 45]],
    ['ends its line with a carriage return', PERCENT, ['10%\r', '20.5%\r'], [10, 20.5]],
    ['keeps within 0 and 100', PERCENT, ['250%\n'], [100]],
    ['is none of nothing', '(\\d+) of (\\d+)', ['0 of 0\n'], [undefined]],
    ['is no word', '(\\w+)%', ['many%\n'], [undefined]],
    ['is seen through colours', PERCENT, ['\u001b[32m7\u001b[0m%\n'], [7]],
  ])('%s', (_, pattern, pieces, percent) => {
    const reader = new ProgressReader(pattern);
    expect(pieces.map((piece) => reader.read(piece)?.percent)).toEqual(percent);
  });

  it('says the line, and sees the last one without a line break', () => {
    const reader = new ProgressReader(PERCENT);
    expect(reader.read('  half: 50% \n99')).toEqual({ percent: 50, message: 'half: 50%' });
    reader.read('%');
    expect(reader.end()).toEqual({ percent: 99, message: '99%' });
  });

  it('looks at the first thousand characters of a line, however long it is', () => {
    const reader = new ProgressReader(PERCENT);
    for (let n = 0; n < 100; n += 1) expect(reader.read('x'.repeat(1000))).toBeUndefined();
    expect(reader.read('5%\n')).toBeUndefined();
    expect(reader.read('5%\n')).toMatchObject({ percent: 5 });
  });
});
