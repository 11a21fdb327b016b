type Style = 'bold' | 'dim' | 'red' | 'green';

const CODES: Record<Style, [number, number]> = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39] };

/** Coloured on a terminal, unless NO_COLOR says otherwise (https://no-color.org); plain everywhere else. */
export function paint(style: Style, text: string, stream: { isTTY?: boolean } = process.stdout): string {
  if (!stream.isTTY || process.env['NO_COLOR']) return text;
  const [on, off] = CODES[style];
  return `\u001B[${on}m${text}\u001B[${off}m`;
}
