/** A part of what is looked at, and the place where the next part begins; null: it was the last one. */
export interface Page<T, Place> {
  found: T[];
  next: Place | null;
}

/**
 * Looks at what may be very much a page at a time, round and round: no look costs more, the more there is, and nothing is
 * left out for longer than a round takes. A look that fails is made again.
 */
export class Rounds<T, Place> {
  private place: Place | null = null;

  constructor(private readonly page: (place: Place | null) => Promise<Page<T, Place>>) {}

  async look(): Promise<T[]> {
    const { found, next } = await this.page(this.place);
    this.place = next;
    return found;
  }
}
