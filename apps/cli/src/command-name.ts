import { basename, relative } from 'node:path';

/** How this process was called, for lines to paste: `longhaul`, or `node bin/longhaul.cjs` in a checkout. */
export function commandName(): string {
  const script = process.argv[1] ?? '';
  if (basename(script) === 'longhaul') return 'longhaul';
  const path = relative(process.cwd(), script);
  return `node ${path.startsWith('..') ? script : path}`;
}
