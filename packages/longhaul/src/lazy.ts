/**
 * A promise whose work begins when somebody first waits for it. A module's decorator makes one when its file is
 * imported; a file that is only imported must neither connect anywhere nor reject.
 */
export class Lazy<T> extends Promise<T> {
  private begun: Promise<T> | undefined;

  constructor(private readonly work: () => Promise<T>) {
    super(() => undefined);
  }

  /** What `then` answers is an ordinary promise. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  // oxlint-disable-next-line unicorn/no-thenable
  override then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.begun ??= this.work();
    return this.begun.then(onFulfilled, onRejected);
  }
}
