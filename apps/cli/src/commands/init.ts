import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { commandName } from '../command-name';
import { EXIT, type ExitCode } from '../exit-codes';
import { printJson } from '../terminal/print';
import { UsageError } from '../usage-error';
import { initFiles } from './init-files';

export interface InitFlags {
  force?: boolean;
  json?: boolean;
}

/** Writes a workspace that serves at once; all its files, or none when one is in the way. Throws `UsageError`. */
export function init(folder: string, flags: InitFlags): ExitCode {
  const workspace = resolve(folder);
  if (existsSync(workspace) && !statSync(workspace).isDirectory())
    throw new UsageError(`${workspace} is a file: name a folder, which need not exist yet`);
  const shown = relative(process.cwd(), workspace) || '.';
  const command = commandName();
  const files = initFiles(command, shown);
  const inTheWay = Object.keys(files).filter((path) => existsSync(join(workspace, path)));
  if (inTheWay.length > 0 && !flags.force)
    throw new UsageError(
      `${workspace} has ${inTheWay.join(', ')} already: nothing was written; --force writes over it`,
    );
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(join(workspace, path), text);
  }
  if (flags.json) printJson({ workspace, files: Object.keys(files) });
  else {
    for (const path of Object.keys(files)) console.log(join(shown, path));
    console.error(`\nserve it:   ${command} serve -w ${shown}`);
    console.error(`then, in another terminal:   ${command} run assistant "Hello"`);
  }
  return EXIT.ok;
}
