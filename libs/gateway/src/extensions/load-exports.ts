import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';

/** What is wrong with an extension, and the mend. */
export class ExtensionError extends Error {
  constructor(
    message: string,
    readonly hint: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const COMPILE = 'Node runs no decorators in TypeScript: compile it with tsc and name the .js file';

/**
 * Everything that a file (`./x.mjs`, relative to the workspace, or absolute) or a package exports, loaded once and at
 * once: CommonJS, or an ES module without a top-level await. Throws `ExtensionError`.
 */
export function loadExports(name: string, workspace: string): unknown[] {
  const require = createRequire(join(workspace, 'gateway.yaml'));
  const path = resolve(name, workspace, require);
  let exported: unknown;
  try {
    exported = require(path);
  } catch (cause) {
    throw loadError(cause);
  }
  if (!isNamespace(exported)) return [exported].flat();
  const { default: main, ...named } = exported;
  return [main, ...Object.values(named)].flat();
}

function resolve(name: string, workspace: string, require: NodeJS.Require): string {
  let path: string;
  try {
    path = require.resolve(name);
  } catch (cause) {
    throw notFound(name, workspace, cause);
  }
  if (/\.[cm]?tsx?$/.test(path)) throw new ExtensionError('is TypeScript', COMPILE);
  if (!/^\.[cm]?js$/.test(extname(path))) {
    throw new ExtensionError(`is no JavaScript (${path})`, 'name a .js, .mjs or .cjs file, or a package');
  }
  return path;
}

function notFound(name: string, workspace: string, cause: unknown): ExtensionError {
  const isFile = /^(\.{0,2}\/|[A-Za-z]:)/.test(name);
  if (isFile && existsSync(join(workspace, name.replace(/\.[cm]?js$/, '') + '.ts'))) {
    return new ExtensionError('is not there, only a .ts file is', COMPILE, { cause });
  }
  if (isFile) return new ExtensionError(`is not there (looked from ${workspace})`, 'mend the path', { cause });
  if (existsSync(join(workspace, name))) {
    return new ExtensionError('is no package that is installed', `write ./${name} for the file`, { cause });
  }
  const hint = `install it where the workspace finds it (npm install ${name}), or write ./ before a file's name`;
  return new ExtensionError(`is no package that is installed (looked from ${workspace})`, hint, { cause });
}

function loadError(cause: unknown): ExtensionError {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'ERR_REQUIRE_ASYNC_MODULE') {
    return new ExtensionError('has a top-level await', "move it into a provider's onModuleInit", { cause });
  }
  const [reason = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
  const stack = cause instanceof Error ? (cause.stack ?? '') : '';
  const [place = ''] = /\S+\.[cm]?js:\d+/.exec(stack) ?? [];
  const at = place === '' ? '' : ` at ${place.replace(/^\(?(file:\/\/)?/, '')}`;
  return new ExtensionError(`threw while it was loaded: ${reason}${at}`, 'mend the file, or remove it from the list', {
    cause,
  });
}

/** An ES module, or CommonJS that exports by name; else `module.exports` is the thing itself. */
function isNamespace(exported: unknown): exported is Record<string, unknown> {
  if (typeof exported !== 'object' || exported === null || Array.isArray(exported)) return false;
  return !('module' in exported) && !('provide' in exported);
}
