import { stripVTControlCharacters } from 'node:util';

/** Of longer lines only the beginning is looked at: what a pattern can cost is bounded. */
const MAX_LINE = 1_000;
const MAX_MESSAGE = 200;

export interface FoundProgress {
  /** 0 to 100. */
  percent: number;
  /** The line that said so, without colours. */
  message: string;
}

/** Finds progress in one stream of output, line by line; a carriage return ends a line too, as progress bars do. */
export class ProgressReader {
  private readonly pattern: RegExp;
  private line = '';

  /** The pattern compiles: it was checked when the agent was loaded. */
  constructor(pattern: string) {
    this.pattern = new RegExp(pattern);
  }

  /** The last progress that this piece of output completes a line with. */
  read(text: string): FoundProgress | undefined {
    const [first = '', ...rest] = text.split(/\r\n|\n|\r/);
    this.line += first.slice(0, MAX_LINE - this.line.length);
    if (rest.length === 0) return undefined;
    const complete = [this.line, ...rest.slice(0, -1)];
    this.line = (rest.at(-1) ?? '').slice(0, MAX_LINE);
    return this.last(complete);
  }

  /** What stands in the last line when the output ends without a line break. */
  end(): FoundProgress | undefined {
    return this.last([this.line]);
  }

  private last(lines: string[]): FoundProgress | undefined {
    for (const line of lines.toReversed()) {
      const found = this.match(stripVTControlCharacters(line.slice(0, MAX_LINE)));
      if (found) return found;
    }
    return undefined;
  }

  private match(line: string): FoundProgress | undefined {
    const [, value, total] = this.pattern.exec(line) ?? [];
    if (value === undefined) return undefined;
    const percent = total === undefined ? Number(value) : (Number(value) / Number(total)) * 100;
    if (!Number.isFinite(percent)) return undefined;
    return { percent: Math.min(Math.max(percent, 0), 100), message: line.trim().slice(0, MAX_MESSAGE) };
  }
}
