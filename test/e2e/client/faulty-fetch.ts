/** The real `fetch`, counted, with faults of the way to the gateway: each takes one call. */
export class FaultyFetch {
  readonly seen: Request[] = [];
  private readonly faults: ((request: Request) => Promise<Response>)[] = [];

  readonly fetch: typeof fetch = (input, init) => {
    const request = new Request(input, init);
    this.seen.push(request.clone());
    const fault = this.faults.shift();
    return fault ? fault(request) : fetch(request);
  };

  /** It reached the gateway, and the answer never came back. */
  loseReply(): this {
    this.faults.push(async (request) => {
      await (await fetch(request)).text();
      throw new TypeError('fetch failed', { cause: new Error('the reply was lost') });
    });
    return this;
  }

  /** A proxy before the gateway answers in its stead. */
  answer(status: number, headers: Record<string, string> = {}, body = '<h1>Bad Gateway</h1>'): this {
    this.faults.push(() => Promise.resolve(new Response(body, { status, headers })));
    return this;
  }

  times(count: number, add: (faulty: this) => unknown): this {
    for (let index = 0; index < count; index += 1) add(this);
    return this;
  }
}
