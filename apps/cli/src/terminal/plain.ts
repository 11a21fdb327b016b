/** Control characters but for line feed and tab, and what turns the direction of text. */
const CONTROL = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g; // oxlint-disable-line no-control-regex

/**
 * What agents, models and commands said, fit for a terminal: their text must not move the cursor, set its title or
 * write to the clipboard.
 */
export function plain(text: string): string {
  return text.replace(CONTROL, '');
}
