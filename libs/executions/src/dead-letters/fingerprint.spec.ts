import { newId } from '@longhaul/kernel';
import { causeOf, fingerprintOf } from './fingerprint';

const CAUSES: [message: string, cause: string][] = [
  ['no order 4711 of customer 12,003.50', 'no order <n> of customer <n>'],
  ['exec_01JD8Z4M7T9QW2X5C6V8B0N3KP is gone, so is 01JD8Z4M7T9QW2X5C6V8B0N3KQ', '<id> is gone, so is <id>'],
  ['request 3f2c1a9e-7b1d-4c55-9a3e-0f8d2b6c7e11 was refused', 'request <id> was refused'],
  ['down since 2026-11-22T10:00:00.123Z, last seen 2026-11-21', 'down since <time>, last seen <time>'],
  ['cannot read 0xDEADBEEF of 9f86d081884c7d65', 'cannot read <hex> of <hex>'],
  ['session sk-live-a1B2c3D4e5F6g7H8i9 has ended', 'session <id> has ended'],
  ['connect ECONNREFUSED 127.0.0.1:54312', 'connect ECONNREFUSED <n>'],
  ['line 3,\n   column 14', 'line <n>, column <n>'],
  // Short quoted texts name the cause, long ones are what was worked on.
  ['field "subject" is missing', 'field "subject" is missing'],
  [`cannot parse "${'Dear Sir or Madam, '.repeat(4)}"`, 'cannot parse <text>'],
  // Statuses and exit codes are causes.
  ['the model provider answered 503 after 12 s', 'the model provider answered 503 after <n> s'],
  ['it ended with exit code 137', 'it ended with exit code 137'],
  ['HTTP status code: 429 at try 7', 'HTTP status code: 429 at try <n>'],
  // Words are words, also those that could be hex.
  ['the facade is deadbeefed', 'the facade is deadbeefed'],
  ['', ''],
];

describe('The cause that a message tells', () => {
  it.each(CAUSES)('%j is %j', (message, cause) => {
    expect(causeOf(message)).toBe(cause);
  });

  it('is told from the beginning of a message, in no time however long it is', () => {
    const long = `no such file ${'a1z'.repeat(1_000_000)}`;
    expect(causeOf(long)).toBe('no such file <id>');
    for (const part of ['"', "'a", '0x0', '1.', '1:', '2026-', 'answered ', 'a-1_', ' ']) causeOf(part.repeat(100_000));
  });
});

describe('The fingerprint', () => {
  const boom = { code: 'agent_error', message: 'no order 4711' };

  it('is the same for the same cause, whatever the ids', () => {
    expect(fingerprintOf('a', boom)).toMatch(/^[0-9a-f]{16}$/);
    expect(fingerprintOf('a', { ...boom, message: 'no order 4712' })).toBe(fingerprintOf('a', boom));
    const of = (id: string) => fingerprintOf('a', { ...boom, message: `${id} was lost` });
    expect(of(newId('exec'))).toBe(of(newId('exec')));
  });

  it('is another one for another agent, code or cause', () => {
    const all = [
      fingerprintOf('a', boom),
      fingerprintOf('b', boom),
      fingerprintOf('a', { ...boom, code: 'timeout' }),
      fingerprintOf('a', { ...boom, message: 'no customer 4711' }),
    ];
    expect(new Set(all).size).toBe(4);
  });
});
