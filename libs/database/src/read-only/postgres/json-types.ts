const BOOL = 16;
const SMALL_NUMBERS = [21, 23, 26];
const INT8 = 20;
const FLOATS = [700, 701];
const JSON_TYPE = 114;
const JSONB = 3802;

/** Cells as JSON; what it has not (dates, numeric, arrays, bytes, large integers) is the server's own text. */
export function parserFor(oid: number): (text: string) => unknown {
  if (oid === BOOL) return (text) => text === 't';
  if (SMALL_NUMBERS.includes(oid)) return Number;
  if (oid === INT8) return (text) => (Number.isSafeInteger(Number(text)) ? Number(text) : text);
  if (FLOATS.includes(oid)) return (text) => (Number.isFinite(Number(text)) ? Number(text) : text);
  if (oid === JSON_TYPE || oid === JSONB) return (text) => JSON.parse(text) as unknown;
  return String;
}
