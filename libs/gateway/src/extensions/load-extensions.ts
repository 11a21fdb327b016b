import { ConfigurationError, type Issue } from '@longhaul/kernel';
import type { Extension, ExtensionInput } from './extension';
import { ExtensionError, loadExports } from './load-exports';
import { sharePackagesWith } from './shared-packages';
import { sortExports } from './sort-exports';

const USABLE =
  'a class with @Module, @Injectable, @Agent, @QueueBackend or @Controller, a dynamic module or a provider';

/** The extensions of `gateway.yaml` and of the code. Throws `ConfigurationError` with an issue for each that is none. */
export function loadExtensions(inputs: readonly ExtensionInput[], workspace: string): Extension[] {
  const issues: Issue[] = [];
  const extensions: Extension[] = [];
  if (inputs.some((input) => typeof input === 'string')) sharePackagesWith(workspace);
  for (const [index, input] of inputs.entries()) {
    try {
      extensions.push(loadExtension(input, workspace));
    } catch (error) {
      if (!(error instanceof ExtensionError)) throw error;
      const name = typeof input === 'string' ? `"${input}" ` : '';
      issues.push({ path: `extensions[${index}]`, message: name + error.message, hint: error.hint });
    }
  }
  if (issues.length === 0) return extensions;
  const lines = issues.map(({ path, message, hint }) => `${path}: ${message}; ${hint}`);
  throw new ConfigurationError(lines.join('\n'), issues);
}

function loadExtension(input: ExtensionInput, workspace: string): Extension {
  if (typeof input !== 'string') {
    const extension = sortExports('code', [input]);
    if (extension) return extension;
    throw new ExtensionError('is nothing that Nest knows', `give ${USABLE}`);
  }
  const extension = sortExports(input, loadExports(input, workspace));
  if (extension) return extension;
  throw new ExtensionError('exports nothing that can be used', `export ${USABLE}, as default or by name`);
}
