import { fittingName } from '../tool-name';

/** Of a tool's name at its server: printable, and short enough to be one. */
const REMOTE_NAME = /^[\x21-\x7e]{1,128}$/;

/**
 * `server__tool`, in the characters that models may use: any other becomes `_`, and what is too long ends in eight
 * digits made of the whole name. Undefined for what is no name.
 */
export function toolName(server: string, remoteName: unknown): string | undefined {
  if (typeof remoteName !== 'string' || !REMOTE_NAME.test(remoteName)) return undefined;
  const name = `${server}__${remoteName.replace(/[^A-Za-z0-9_-]/g, '_')}`;
  return fittingName(name, remoteName);
}
