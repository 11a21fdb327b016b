import { redactJson } from './redact-record';

describe('redacted JSON', () => {
  it('loses a secret with a quote, and one of digits, and stays JSON', () => {
    const secrets = ['pass"wo\\rd', '12345678'];
    const value = { text: 'is pass"wo\\rd here', 'pass"wo\\rd': [12345678, 7, true, null], n: '12345678' };
    expect(JSON.parse(JSON.stringify(redactJson(value, secrets)))).toEqual({
      text: 'is [redacted] here',
      '[redacted]': ['[redacted]', 7, true, null],
      n: '[redacted]',
    });
  });
});
