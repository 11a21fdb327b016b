import type { ProviderOptions } from '../../models-options';

/** The provider took longer than one of its limits. */
export class CallTimeout extends Error {
  override readonly name = 'TimeoutError';
}

/**
 * The three limits of one call: to its first token, from the moment of asking; between two; in all. The SDK's own limit
 * for the first token begins when the response does, and a server that accepts and never answers would be waited for.
 */
export class CallLimits {
  private readonly controller = new AbortController();
  private readonly total: NodeJS.Timeout;
  private silence: NodeJS.Timeout;

  constructor(private readonly options: Pick<ProviderOptions, 'firstTokenTimeoutMs' | 'idleTimeoutMs' | 'timeoutMs'>) {
    this.total = setTimeout(this.expire, options.timeoutMs);
    this.silence = setTimeout(this.expire, options.firstTokenTimeoutMs);
  }

  /** Aborts when a limit is exceeded, and then its reason is a `CallTimeout`; and when the call is over. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Something came. */
  heard(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(this.expire, this.options.idleTimeoutMs);
  }

  /** The call is over: what is left of its answer is not read, and its connection closed. */
  end(): void {
    clearTimeout(this.total);
    clearTimeout(this.silence);
    this.controller.abort();
  }

  private readonly expire = (): void => this.controller.abort(new CallTimeout());
}
