import { USUAL_KEY_VARIABLES } from '@longhaul/config';
import type { ProviderOptions } from './models-options';

/** The variable that a provider's key is usually in; undefined for a provider of whom we know none. */
export function usualVariable(provider: string): string | undefined {
  return Object.hasOwn(USUAL_KEY_VARIABLES, provider) ? USUAL_KEY_VARIABLES[provider] : undefined;
}

/** Where a provider's key is set, in words; the variable never goes to an address of one's own. */
export function whereKeyIsSet({ name, type, baseUrl }: Pick<ProviderOptions, 'name' | 'type' | 'baseUrl'>): string {
  const variable = baseUrl === undefined ? usualVariable(type) : undefined;
  return `providers.${name}.api_key in gateway.yaml${variable === undefined ? '' : ` or the variable ${variable}`}`;
}
