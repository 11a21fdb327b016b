import type { ExecutionEvent } from '@longhaul/client';
import { plain } from './plain';

type Data = Record<string, unknown>;

/** `12:00:01  execution.started  attempt 1`: an event for people, on one line. */
export function eventLine({ at, type, data }: ExecutionEvent): string {
  const gist = GISTS[type]?.(data) ?? (Object.keys(data).length === 0 ? '' : JSON.stringify(data));
  return `${at.slice(11, 19)}  ${`${type}  ${oneLine(gist)}`.trimEnd()}`;
}

/** Where the data as JSON would hide what matters. */
const GISTS: Partial<Record<ExecutionEvent['type'], (data: Data) => string>> = {
  'execution.started': ({ attempt }) => `attempt ${text(attempt)}`,
  'execution.progress': ({ percent, message }) => `${text(percent)} % ${text(message)}`,
  'execution.completed': () => '',
  'execution.failed': ({ error }) => text((error as Data | undefined)?.['message']),
  'output.delta': (data) => `${text(data['channel'])} ${text(data['text'])}`,
};

/** A field that should be text or a number; nothing when it is not there. */
export function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

const WIDEST = 160;

/** Fit for a line of a terminal, or a cell of a table, whoever said it. */
export function oneLine(words: string, widest = WIDEST): string {
  const line = plain(words.replaceAll(/\s+/g, ' ')).trim();
  return line.length > widest ? `${line.slice(0, widest - 1)}…` : line;
}
