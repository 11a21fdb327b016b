import { generateApiKey, hashApiKey, looksLikeApiKey } from './api-key';

describe('generated API keys', () => {
  it('carry a prefix that scanners find and 256 random bits', () => {
    const key = generateApiKey();
    expect(key).toMatch(/^lh_[\w-]{43}[0-9a-f]{8}$/);
    expect(generateApiKey()).not.toBe(key);
  });

  it('are told from mistyped and cut ones by their checksum', () => {
    const key = generateApiKey();
    const typo = key.replace(/^lh_./, (start) => (start === 'lh_A' ? 'lh_B' : 'lh_A'));
    expect(looksLikeApiKey(key)).toBe(true);
    expect([typo, key.slice(0, -1), `${key}0`, '', 'sk-1234'].filter(looksLikeApiKey)).toEqual([]);
  });

  it('are kept as their SHA-256', () => {
    expect(hashApiKey('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
