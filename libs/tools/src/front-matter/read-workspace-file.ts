import { lstatSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { WorkspaceFileError } from './workspace-file-error';

/** Of AGENT.md, TOOL.md and what all agents share. */
export const MAX_FRONT_MATTER_FILE_BYTES = 64 * 1024;

export interface WorkspaceFile {
  text: string;
  /** Where it lies once links are followed: relative to the workspace. */
  realPath: string;
}

/**
 * The text of one file of the workspace. Refuses what lies outside of it once links are followed, what is no regular
 * file or larger than `maxBytes` (before it is read), and what is not UTF-8 text: throws `WorkspaceFileError`.
 */
export function readWorkspaceFile(root: string, path: string, maxBytes: number): WorkspaceFile {
  const real = follow(path);
  const realRoot = realpathSync(root);
  if (!real.startsWith(realRoot + sep)) {
    throw new WorkspaceFileError(1, 'is a link that leads out of the workspace', 'copy the file into the workspace');
  }
  const stat = statSync(real);
  if (!stat.isFile()) throw new WorkspaceFileError(1, 'is not a file', 'put a text file in its place');
  if (stat.size > maxBytes) {
    throw new WorkspaceFileError(1, `has ${stat.size} bytes, at most ${maxBytes} are read`, 'shorten it');
  }
  return { text: decode(readFileSync(real)), realPath: relative(realRoot, real) };
}

/** A link whose target is gone is there as well: an error, not an absence. Nothing is below a file. */
export function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    if (codeOf(error) === 'ENOTDIR') return false;
    throw error;
  }
}

/** What the operating system says (no permission, no such device) as an error of this file or directory alone. */
export function asFileError(error: unknown): WorkspaceFileError {
  if (error instanceof WorkspaceFileError) return error;
  if (codeOf(error) === 'ENOTDIR') {
    return new WorkspaceFileError(1, 'is not a directory', 'make it one, or remove it');
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new WorkspaceFileError(1, `cannot be read: ${reason}`, 'check its permissions');
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

function follow(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    throw new WorkspaceFileError(
      1,
      'is a link to something that is not there',
      'remove the link, or restore its target',
    );
  }
}

function decode(bytes: Buffer): string {
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (utf16) throw new WorkspaceFileError(1, 'is UTF-16', 'save it as UTF-8');
  const nul = bytes.indexOf(0);
  if (nul >= 0) {
    const line = bytes.subarray(0, nul).filter((byte) => byte === 0x0a).length + 1;
    throw new WorkspaceFileError(line, 'holds a NUL byte: it is UTF-16 or not a text', 'save it as UTF-8 text');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new WorkspaceFileError(1, 'is not UTF-8', 'save it as UTF-8');
  }
}
