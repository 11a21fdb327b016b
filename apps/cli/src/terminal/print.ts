import { oneLine } from './event-line';

/** One JSON document. */
export function printJson(value: unknown): void {
  console.log(JSON.stringify(value, null, 2));
}

/** One line of a stream of JSON. */
export function printJsonLine(value: unknown): void {
  console.log(JSON.stringify(value));
}

/** Columns as wide as they need to be; each row on one line, whoever filled its cells. */
export function printTable(header: string[], cells: string[][]): void {
  const rows = cells.map((row) => row.map((cell) => oneLine(cell, Infinity)));
  const widths = header.map((title, index) => Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)));
  for (const row of [header, ...rows]) {
    console.log(
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
}

/** Each field on a line of its own, whoever gave it; lists are joined by commas. */
export function printFields(record: object): void {
  const fields = Object.entries(record);
  const width = Math.max(...fields.map(([name]) => name.length));
  for (const [name, value] of fields)
    console.log(`${name.padEnd(width)} ${oneLine(String(value), Infinity)}`.trimEnd());
}
