import type { JsonValue } from '@longhaul/kernel';

/** What a model makes no sense of anyway. */
const MAX_CELL_CHARS = 10_000;

export interface Caps {
  maxRows: number;
  maxBytes: number;
}

/** Rows until there are enough of them. Also loaded by the process that reads SQLite: only types are imported here. */
export class CappedRows {
  readonly rows: JsonValue[][] = [];
  private readonly caps: Caps;
  private bytes = 0;
  private longCells = 0;
  private end: string | null = null;

  constructor(caps: Caps) {
    this.caps = caps;
  }

  /** False when no further row is wanted. */
  add(cells: readonly JsonValue[]): boolean {
    if (this.end !== null) return false;
    if (this.rows.length === this.caps.maxRows) {
      return this.stop(`only the first ${this.caps.maxRows} rows are here: there are more`);
    }
    const row = cells.map((cell) => this.shortened(cell));
    this.bytes += JSON.stringify(row).length;
    if (this.bytes > this.caps.maxBytes) {
      const kib = Math.floor(this.caps.maxBytes / 1_024);
      return this.stop(`only the first ${this.rows.length} rows are here: more would be larger than ${kib} KiB`);
    }
    this.rows.push(row);
    return true;
  }

  stop(sentence: string): false {
    this.end = sentence;
    return false;
  }

  get cut(): string | null {
    const cells = this.longCells === 0 ? [] : [`${this.longCells} cells were cut to ${MAX_CELL_CHARS} characters`];
    const sentences = [...(this.end === null ? [] : [this.end]), ...cells];
    return sentences.length === 0 ? null : sentences.join('; ');
  }

  private shortened(cell: JsonValue): JsonValue {
    const text = typeof cell === 'object' && cell !== null ? JSON.stringify(cell) : cell;
    if (typeof text !== 'string' || text.length <= MAX_CELL_CHARS) return cell;
    this.longCells += 1;
    return `${text.slice(0, MAX_CELL_CHARS)}… (cut: ${text.length} characters)`;
  }
}
