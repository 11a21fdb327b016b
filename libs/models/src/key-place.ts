import type { ProviderOptions } from './models-options';

/** The variable that providers' own tools take the key from, and so do we. */
export const USUAL_VARIABLE: Readonly<Record<string, string>> = {
  openai: 'OPENAI_API_KEY',
  anthropic: 'ANTHROPIC_API_KEY',
  google: 'GOOGLE_GENERATIVE_AI_API_KEY',
};

/** Where a provider's key is set, in words; the variable never goes to an address of one's own. */
export function whereKeyIsSet({ name, type, baseUrl }: Pick<ProviderOptions, 'name' | 'type' | 'baseUrl'>): string {
  const variable = baseUrl === undefined ? USUAL_VARIABLE[type] : undefined;
  return `providers.${name}.api_key in gateway.yaml${variable === undefined ? '' : ` or the variable ${variable}`}`;
}
