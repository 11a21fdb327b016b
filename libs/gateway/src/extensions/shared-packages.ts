import { realpathSync } from 'node:fs';
import nodeModule from 'node:module';
import { pathToFileURL } from 'node:url';

/**
 * Packages of which a process must have one copy: Nest finds a provider by its class and a decorator's word by
 * reflect-metadata's store, so an agent made with another copy would be nobody's.
 */
const SHARED = /^(longhaul|@nestjs\/(common|core|microservices)|reflect-metadata|rxjs)(\/|$)/;

/** Node's hooks belong to the process, and so do the folders that they look after. */
const roots = new Set<string>();
let hooked = false;

/**
 * From now on whatever lies below `folder` gets the gateway's own copy of the shared packages, whether or not it has
 * one itself. So an extension needs no node_modules, and a workspace may lie anywhere.
 */
export function sharePackagesWith(folder: string): void {
  roots.add(`${pathToFileURL(realpathSync(folder)).href}/`);
  if (hooked) return;
  hooked = true;
  const own = pathToFileURL(__filename).href;
  try {
    hook(own);
  } catch {
    // A test runner with a loader of its own has no hooks: there packages are found as anywhere else.
  }
}

function hook(own: string): void {
  const require = nodeModule.createRequire(own);
  nodeModule.registerHooks({
    resolve: (specifier, context, nextResolve) => {
      const { parentURL, conditions } = context;
      const shares = parentURL !== undefined && parentURL !== own && SHARED.test(specifier) && isBelow(parentURL);
      if (!shares) return nextResolve(specifier, context);
      // An import is found from the URL that it is told; a require always from where it stands.
      if (conditions.includes('import')) return nextResolve(specifier, { ...context, parentURL: own });
      return { url: pathToFileURL(require.resolve(specifier)).href, shortCircuit: true };
    },
  });
}

function isBelow(url: string): boolean {
  return [...roots].some((root) => url.startsWith(root));
}
