import { readFileSync, realpathSync, statSync } from 'node:fs';
import { sep } from 'node:path';
import { AgentFileError } from './agent-file-error';

const MAX_BYTES = 64 * 1024;

/**
 * The text of one AGENT.md. Refuses what lies outside the workspace once links are followed, what is no regular file
 * or larger than 64 KB (before it is read), and what is not UTF-8 text.
 */
export function readAgentFile(root: string, path: string): string {
  const real = follow(path);
  if (!real.startsWith(realpathSync(root) + sep)) {
    throw new AgentFileError(1, 'is a link that leads out of the workspace', 'copy the file into the workspace');
  }
  const stat = statSync(real);
  if (!stat.isFile()) throw new AgentFileError(1, 'is not a file', 'put a text file in its place');
  if (stat.size > MAX_BYTES) {
    throw new AgentFileError(1, `has ${stat.size} bytes, at most ${MAX_BYTES} are read`, 'shorten it');
  }
  return decode(readFileSync(real));
}

function follow(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    throw new AgentFileError(1, 'is a link to something that is not there', 'remove the link, or restore its target');
  }
}

function decode(bytes: Buffer): string {
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (utf16) throw new AgentFileError(1, 'is UTF-16', 'save it as UTF-8');
  const nul = bytes.indexOf(0);
  if (nul >= 0) {
    const line = bytes.subarray(0, nul).filter((byte) => byte === 0x0a).length + 1;
    throw new AgentFileError(line, 'holds a NUL byte: it is UTF-16 or not a text', 'save it as UTF-8 text');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new AgentFileError(1, 'is not UTF-8', 'save it as UTF-8');
  }
}
