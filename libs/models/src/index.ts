export type {
  FinishReason,
  ModelCall,
  ModelMessage,
  ModelPart,
  OfferedTool,
  TokenUsage,
  ToolRequest,
} from './model-call';
export { ModelProvider } from './model-provider';
export { Models } from './models';
export type { FoundModel } from './models';
export { PROVIDER_TYPES } from './models-options';
export type { ModelsModuleOptions, ProviderOptions, ProviderType } from './models-options';
export { ModelsModule } from './models.module';
export { PRICES_AS_OF } from './prices/price-table';
export { whyUnavailable } from './why-unavailable';
