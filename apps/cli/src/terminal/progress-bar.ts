import type { ExecutionEvent } from '@longhaul/client';
import { oneLine, text } from './event-line';

const CELLS = 24;
const REDRAW_MS = 250;

/** One line on stderr that is drawn anew while the execution goes on, and gone when it ends. Only for a terminal. */
export class ProgressBar {
  private readonly startedAt = Date.now();
  private readonly timer: NodeJS.Timeout;
  private percent = 0;
  private words = 'queued';

  constructor(private readonly stream: NodeJS.WriteStream) {
    this.timer = setInterval(() => this.draw(), REDRAW_MS);
    this.draw();
  }

  show({ type, data }: ExecutionEvent): void {
    if (type === 'execution.progress') {
      this.percent = Number(data['percent']);
      this.words = oneLine(text(data['message'])) || 'running';
    } else if (type === 'execution.started') this.words = 'running';
    else if (type.startsWith('execution.')) this.words = type.slice('execution.'.length);
    this.draw();
  }

  end(): void {
    clearInterval(this.timer);
    this.stream.write('\r\u001B[K');
  }

  private draw(): void {
    const full = Math.round((Math.min(100, Math.max(0, this.percent)) / 100) * CELLS);
    const bar = '█'.repeat(full) + '░'.repeat(CELLS - full);
    const seconds = Math.floor((Date.now() - this.startedAt) / 1_000);
    const line = `${bar} ${Math.round(this.percent)} %  ${seconds} s  ${this.words}`;
    // Wider than the terminal it would wrap, and could not be drawn over.
    this.stream.write(`\r\u001B[K${line.slice(0, (this.stream.columns || 80) - 1)}`);
  }
}
