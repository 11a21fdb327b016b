import { dueSummary } from './summary-day';

const at = (text: string) => Date.parse(text);

describe('the summary that is due', () => {
  it.each([
    ['08:00', 'UTC', '2026-11-25T07:59:59Z', '2026-11-24', '2026-11-24T08:00:00Z'],
    ['08:00', 'UTC', '2026-11-25T08:00:00Z', '2026-11-25', '2026-11-25T08:00:00Z'],
    ['00:00', 'UTC', '2026-11-25T00:00:00Z', '2026-11-25', '2026-11-25T00:00:00Z'],
    ['08:00', 'America/New_York', '2026-11-25T12:59:00Z', '2026-11-24', '2026-11-24T13:00:00Z'],
    ['08:00', 'America/New_York', '2026-11-25T13:00:00Z', '2026-11-25', '2026-11-25T13:00:00Z'],
    ['08:00', 'Asia/Kolkata', '2026-11-25T02:30:00Z', '2026-11-25', '2026-11-25T02:30:00Z'],
    ['23:30', 'Pacific/Auckland', '2026-11-25T10:30:00Z', '2026-11-25', '2026-11-25T10:30:00Z'],
    // The clocks go from 2 to 3, and from 3 to 2.
    ['02:30', 'Europe/Stockholm', '2026-03-29T12:00:00Z', '2026-03-29', '2026-03-29T01:30:00Z'],
    ['08:00', 'Europe/Stockholm', '2026-03-29T06:00:00Z', '2026-03-29', '2026-03-29T06:00:00Z'],
    ['08:00', 'Europe/Stockholm', '2026-10-25T07:00:00Z', '2026-10-25', '2026-10-25T07:00:00Z'],
  ])('at %s in %s, seen at %s, is that of %s', (time, timezone, now, date, until) => {
    const due = dueSummary(time, timezone, at(now));
    expect({ ...due, until: new Date(due.until).toISOString() }).toEqual({
      date,
      from: at(until) - 86_400_000,
      until: until.replace('Z', '.000Z'),
    });
  });
});
