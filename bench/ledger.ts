import { appendFileSync, closeSync, openSync, readSync } from 'node:fs';

/** What a run says of itself, at the moment at which it happens, by the clock that all processes share. */
export interface Note {
  what: 'started' | 'ended' | 'aborted';
  id: string;
  pid: number;
  atMs: number;
}

/** Where the runs of all processes write, and only they: who is killed has said what it said. */
export const LEDGER_VARIABLE = 'BENCH_LEDGER';

/** Milliseconds by the system's monotonic clock, which all processes of the machine share. */
export function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

export function note(what: Note['what'], id: string): void {
  const path = process.env[LEDGER_VARIABLE];
  const line: Note = { what, id, pid: process.pid, atMs: machineMs() };
  if (path) appendFileSync(path, `${JSON.stringify(line)}\n`);
}

/** The reader's side. */
export class Ledger {
  readonly notes: Note[] = [];
  private readonly file: number;
  private rest = '';

  constructor(path: string) {
    process.env[LEDGER_VARIABLE] = path;
    this.file = openSync(path, 'a+');
  }

  /** Reads what is new. */
  read(): Note[] {
    const buffer = Buffer.alloc(65_536);
    for (let length = readSync(this.file, buffer); length > 0; length = readSync(this.file, buffer)) {
      this.rest += buffer.toString('utf8', 0, length);
    }
    const lines = this.rest.split('\n');
    this.rest = lines.pop() ?? '';
    this.notes.push(...lines.map((line) => JSON.parse(line) as Note));
    return this.notes;
  }

  close(): void {
    closeSync(this.file);
  }
}
