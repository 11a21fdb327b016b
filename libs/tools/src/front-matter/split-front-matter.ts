import { WorkspaceFileError } from './workspace-file-error';

export interface SplitFile {
  /** The YAML between the fences; empty when there is none. Its first line is line 2 of the file. */
  yaml: string;
  /** What follows, trimmed. */
  body: string;
}

/**
 * Cuts a file at its `---` lines. Front matter may be missing; it is YAML and nothing else: a fence that names a
 * language (`---js` is run as code by some parsers) is an error.
 */
export function splitFrontMatter(text: string): SplitFile {
  const lines = text.split(/\r\n|\n|\r/);
  const first = lines[0] ?? '';
  if (/^---\s*[A-Za-z]/.test(first)) {
    throw new WorkspaceFileError(1, `front matter opens with "${first.trim()}"`, 'write --- alone: only YAML is read');
  }
  if (!isFence(first)) return { yaml: '', body: text.trim() };
  const end = lines.findIndex((line, index) => index > 0 && isFence(line));
  if (end < 0) {
    throw new WorkspaceFileError(1, 'front matter is never closed', 'end it with a line --- of its own');
  }
  return {
    yaml: lines.slice(1, end).join('\n'),
    body: lines
      .slice(end + 1)
      .join('\n')
      .trim(),
  };
}

function isFence(line: string): boolean {
  return /^---\s*$/.test(line);
}
