import { Inject, Injectable } from '@nestjs/common';
import { Metrics } from '@longhaul/telemetry';
import type { TokenUsage } from './model-call';
import type { ModelProvider } from './model-provider';
import { MODELS_OPTIONS, type ModelsModuleOptions, type ProviderOptions } from './models-options';
import { costOf } from './prices/price';
import { priceOf } from './prices/price-table';
import { AiSdkProvider } from './providers/ai-sdk/ai-sdk-provider';
import { DemoProvider } from './providers/demo/demo-provider';

export interface FoundModel {
  provider: ModelProvider;
  /** The name as the provider knows it. */
  model: string;
  /** What its provider may be asked for in a time, of all workers together. */
  limits: Pick<ProviderOptions, 'rateLimit' | 'tokenLimit'>;
}

/** The models that agents may name: `provider/model`, of a configured provider or `demo/…`. */
@Injectable()
export class Models {
  private readonly providers: ReadonlyMap<string, ModelProvider>;

  constructor(
    @Inject(MODELS_OPTIONS) private readonly options: ModelsModuleOptions,
    private readonly metrics: Metrics,
  ) {
    const all: ModelProvider[] = [new DemoProvider(), ...options.providers.map((one) => new AiSdkProvider(one))];
    this.providers = new Map(all.map((provider) => [provider.name, provider]));
  }

  /** Throws nothing: undefined for a name without a provider of ours; the registry has told by `whyUnavailable`. */
  find(name: string): FoundModel | undefined {
    const slash = name.indexOf('/');
    const provider = this.providers.get(name.slice(0, Math.max(slash, 0)));
    const model = name.slice(slash + 1);
    if (!provider || model === '') return undefined;
    return { provider, model, limits: this.optionsOf(name) ?? {} };
  }

  /** US dollars of one call; null = no price is known. The demo model is free. */
  costOf(name: string, usage: TokenUsage): number | null {
    return name.startsWith('demo/') ? 0 : costOf(priceOf(name, this.options.prices, this.listed(name)), usage);
  }

  /** Whether what is asked and answered may be shown in traces. */
  get traceContent(): boolean {
    return this.options.traceContent ?? false;
  }

  /** What one call cost, as `costOf` says, counted with what it took. */
  bill(name: string, usage: TokenUsage): number | null {
    const cost = this.costOf(name, usage);
    this.metrics.add('tokens', { model: name, kind: 'input' }, usage.inputTokens);
    this.metrics.add('tokens', { model: name, kind: 'cached_input' }, usage.cachedInputTokens);
    this.metrics.add('tokens', { model: name, kind: 'output' }, usage.outputTokens);
    if (cost !== null) this.metrics.add('cost', { model: name }, cost);
    return cost;
  }

  /** Whoever answers at an address of the operator's own bills by a list of their own. */
  private listed(name: string): string | undefined {
    const options = this.optionsOf(name);
    return options && options.baseUrl === undefined ? `${options.type}${name.slice(name.indexOf('/'))}` : undefined;
  }

  private optionsOf(name: string): ProviderOptions | undefined {
    const provider = name.slice(0, Math.max(name.indexOf('/'), 0));
    return this.options.providers.find((one) => one.name === provider);
  }
}
