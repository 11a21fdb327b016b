import type { ModelCall, ModelPart } from './model-call';

/**
 * Where models live. One call is one request: a provider never tries again by itself, the run does.
 *
 * `stream` yields the answer in pieces and ends with exactly one `finish`; an answer that breaks off throws. It throws
 * the signal's reason when that aborts, and else a `RetryableError` or a `PermanentError` of code `provider_error`,
 * `provider_rate_limited` or `provider_timeout` whose details name the provider, the model and the HTTP status. No
 * message holds a key.
 */
export abstract class ModelProvider {
  /** The part of a model's name before the slash. */
  abstract readonly name: string;
  abstract stream(call: ModelCall): AsyncIterable<ModelPart>;
}
