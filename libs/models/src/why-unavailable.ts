import { suggest } from '@longhaul/kernel';
import { usualVariable, whereKeyIsSet } from './key-place';
import { type ProviderOptions, PROVIDER_TYPES } from './models-options';

/** What an HTTP header cannot carry, such as the "…" of a key that was copied from an example. */
const UNSENDABLE = /[^\x20-\x7e]/u;

/** Why this gateway cannot call the model, with the mend; undefined when it can. Says nothing of whether it exists. */
export function whyUnavailable(name: string, providers: readonly ProviderOptions[]): string | undefined {
  const [provider = '', ...rest] = name.split('/');
  if (rest.join('/') === '') {
    return `model "${name}" names no provider, write provider/model, for example demo/echo`;
  }
  if (provider === 'demo') return undefined;
  const options = providers.find((one) => one.name === provider);
  if (options) return keyProblem(name, options);
  const variable = usualVariable(provider);
  if (variable) return `model "${name}" needs a key: set ${variable}, or providers.${provider}.api_key in gateway.yaml`;
  const known = ['demo', ...providers.map((one) => one.name)];
  const near = suggest(provider, [...known, ...PROVIDER_TYPES]);
  const meant = near === undefined ? '.' : `, did you mean "${near}"?`;
  return `model "${name}" needs the provider "${provider}"${meant} Configured: ${known.join(', ')}; add it to providers in gateway.yaml`;
}

function keyProblem(name: string, options: ProviderOptions): string | undefined {
  const { apiKey, baseUrl } = options;
  const [wrong] = UNSENDABLE.exec(apiKey?.trim() ?? '') ?? [];
  if (wrong !== undefined) {
    return `model "${name}" needs a key that HTTP can carry, this one has ${JSON.stringify(wrong)} in it: set ${whereKeyIsSet(options)}`;
  }
  if (apiKey !== undefined || baseUrl !== undefined) return undefined;
  return `model "${name}" needs a key: set ${whereKeyIsSet(options)}`;
}
