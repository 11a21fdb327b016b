/** How models are called where a provider need not be named: by the beginning of the name alone. */
const PROVIDERS: [beginning: RegExp, provider: string][] = [
  [/^(gpt-|chatgpt-|o\d)/, 'openai'],
  [/^claude-/, 'anthropic'],
  [/^gemini-/, 'google'],
];

/** Providers by the names that LiteLLM, and with it the Python agents-gateway, has for them. */
const ALIASES: Readonly<Record<string, string>> = { gemini: 'google' };

/**
 * `provider/model` of what is written: `gpt-4o` is `openai/gpt-4o`, `gemini/gemini-2.0-flash` is
 * `google/gemini-2.0-flash`. A provider that somebody configured keeps its name; an unknown bare name stays as it is.
 */
export function fullModelName(written: string, configured: readonly string[]): string {
  const slash = written.indexOf('/');
  if (slash < 0) {
    const provider = PROVIDERS.find(([beginning]) => beginning.test(written))?.[1];
    return provider === undefined ? written : `${provider}/${written}`;
  }
  const provider = written.slice(0, slash);
  if (configured.includes(provider) || !Object.hasOwn(ALIASES, provider)) return written;
  return `${ALIASES[provider]}${written.slice(slash)}`;
}
