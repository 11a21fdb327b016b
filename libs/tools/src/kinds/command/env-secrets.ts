import { secretParts } from '@longhaul/kernel';

/** Variables whose values are no secrets, and stand in what programs print of anything. */
const PLAIN = /^(?:PATH|HOME|USER|LOGNAME|SHELL|TERM|LANG|LC_[A-Z]+|TZ|TMPDIR|NODE_ENV)$/;

/** What a program may not tell of these variables, by name and value: the whole, each word and line, a URL's password. */
export function envSecrets(names: readonly string[], env: Readonly<Record<string, string>>): string[] {
  const values = names.filter((name) => !PLAIN.test(name)).map((name) => env[name] ?? '');
  return [...new Set(secretParts(values.flatMap((value) => [value, ...value.split(/\s+/), ...passwordIn(value)])))];
}

/** As it is written, and as it is meant. */
function passwordIn(value: string): string[] {
  const password = URL.parse(value)?.password ?? '';
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}
