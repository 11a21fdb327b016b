import type { LanguageModel } from 'ai';
import { assertNever } from '@longhaul/kernel';
import type { ProviderOptions } from '../../models-options';

export interface Sdk {
  ai: typeof import('ai');
  languageModel: (model: string) => LanguageModel;
}

/** Loads the AI SDK and this one provider's package: megabytes that a gateway without such an agent never needs. */
export async function loadSdk(options: ProviderOptions): Promise<Sdk> {
  const [ai, languageModel] = await Promise.all([import('ai'), loadProvider(options)]);
  // What a provider cannot do is said once in the answer, not on the console at each call.
  globalThis.AI_SDK_LOG_WARNINGS = false;
  return { ai, languageModel };
}

async function loadProvider(options: ProviderOptions): Promise<Sdk['languageModel']> {
  const { name, type, apiKey, baseUrl, headers } = options;
  // The SDK demands a key; a server at an address of one's own may not.
  const common = {
    apiKey: apiKey ?? 'none',
    ...(baseUrl === undefined ? {} : { baseURL: baseUrl }),
    ...(headers === undefined ? {} : { headers: { ...headers } }),
  };
  switch (type) {
    case 'openai': {
      // Chat completions, not responses: nothing of a conversation is kept at the provider.
      const openai = (await import('@ai-sdk/openai')).createOpenAI(common);
      return (model) => openai.chat(model);
    }
    case 'anthropic': {
      const anthropic = (await import('@ai-sdk/anthropic')).createAnthropic(common);
      return (model) => anthropic(model);
    }
    case 'google': {
      const google = (await import('@ai-sdk/google')).createGoogleGenerativeAI(common);
      return (model) => google(model);
    }
    case 'openai-compatible': {
      const { apiKey: _, ...rest } = common;
      const create = (await import('@ai-sdk/openai-compatible')).createOpenAICompatible;
      const compatible = create({
        name,
        includeUsage: true,
        ...rest,
        baseURL: baseUrl ?? '',
        ...(apiKey === undefined ? {} : { apiKey }),
      });
      return (model) => compatible(model);
    }
    default:
      return assertNever(type);
  }
}
