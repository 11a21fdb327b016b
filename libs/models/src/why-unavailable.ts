import { suggest } from '@longhaul/kernel';
import { type ProviderOptions, PROVIDER_TYPES } from './models-options';

/** The variable that providers' own tools take the key from, and so do we. */
const USUAL_VARIABLE: Readonly<Record<string, string>> = {
  openai: 'OPENAI_API_KEY',
  anthropic: 'ANTHROPIC_API_KEY',
  google: 'GOOGLE_GENERATIVE_AI_API_KEY',
};

/** Why this gateway cannot call the model, with the mend; undefined when it can. Says nothing of whether it exists. */
export function whyUnavailable(name: string, providers: readonly ProviderOptions[]): string | undefined {
  const [provider = '', ...rest] = name.split('/');
  if (rest.join('/') === '') {
    return `model "${name}" names no provider, write provider/model, for example demo/echo`;
  }
  if (provider === 'demo') return undefined;
  const options = providers.find((one) => one.name === provider);
  if (options) return withoutKey(name, options);
  const variable = USUAL_VARIABLE[provider];
  if (variable) return `model "${name}" needs a key: set ${variable}, or providers.${provider}.api_key in gateway.yaml`;
  const known = ['demo', ...providers.map((one) => one.name)];
  const near = suggest(provider, [...known, ...PROVIDER_TYPES]);
  const meant = near === undefined ? '.' : `, did you mean "${near}"?`;
  return `model "${name}" needs the provider "${provider}"${meant} Configured: ${known.join(', ')}; add it to providers in gateway.yaml`;
}

function withoutKey(name: string, { name: provider, type, apiKey, baseUrl }: ProviderOptions): string | undefined {
  if (apiKey !== undefined || baseUrl !== undefined) return undefined;
  const variable = USUAL_VARIABLE[type];
  const mend = variable === undefined ? '' : ` or the variable ${variable}`;
  return `model "${name}" needs a key: set providers.${provider}.api_key in gateway.yaml${mend}`;
}
