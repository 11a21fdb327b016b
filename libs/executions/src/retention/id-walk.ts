/** Long enough that a walk through all that is kept costs nothing, short against days. */
const REST_MS = 3_600_000;

/** A row met on the way. Ids sort by time: after one that is not old the walk is over. */
export interface Met {
  id: string;
  isOld: boolean;
  isRipe: boolean;
}

/**
 * A walk through a table in the order of its ids, oldest first, a page at each step: so no index of ends is needed, and no
 * look is long. From its end it begins anew after an hour, for what was not ripe when it came by.
 */
export class IdWalk {
  private after = '';
  private restUntil = 0;

  constructor(private readonly page: (after: string) => Promise<Met[]>) {}

  /** Has the ripe ones of the next page acted upon; comes by again where that was not finished. False: it rests. */
  async step(finish: (ids: string[]) => Promise<boolean>): Promise<boolean> {
    if (performance.now() < this.restUntil) return false;
    const met = await this.page(this.after);
    if (!(await finish(met.filter(({ isRipe }) => isRipe).map(({ id }) => id)))) return true;
    const last = met.at(-1);
    this.after = last?.isOld ? last.id : '';
    if (this.after === '') this.restUntil = performance.now() + REST_MS;
    return this.after !== '';
  }
}
