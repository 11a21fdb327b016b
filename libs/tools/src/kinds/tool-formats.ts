import { commandFormat } from './command/command-format';
import { httpFormat } from './http/http-format';
import { notifyFormat } from './notify/notify-format';
import { scrapeFormat } from './scrape/scrape-format';
import { sqlFormat } from './sql/sql-format';
import type { ToolFormat } from './tool-kind';

/** Every kind of tool that a file can tell of. */
export const TOOL_FORMATS: readonly ToolFormat[] = [commandFormat, httpFormat, notifyFormat, scrapeFormat, sqlFormat];

export function formatOf(kind: string): ToolFormat | undefined {
  return TOOL_FORMATS.find((format) => format.kind === kind);
}
