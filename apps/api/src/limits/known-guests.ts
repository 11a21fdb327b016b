/** Pairs that are kept; the ones longest unseen make room. */
const MAX = 10_000;

/**
 * Which keys came from which addresses lately. Whoever guesses keys must not shut out those who share his address (a
 * proxy, a company) and have had theirs right before (the "device cookie" of OWASP, without the cookie).
 */
export class KnownGuests {
  private readonly seen = new Set<string>();

  knows(key: string, address: string): boolean {
    return this.seen.has(nameOf(key, address));
  }

  remember(key: string, address: string): void {
    const name = nameOf(key, address);
    this.seen.delete(name);
    this.seen.add(name);
    if (this.seen.size <= MAX) return;
    for (const oldest of this.seen) {
      this.seen.delete(oldest);
      break;
    }
  }
}

const nameOf = (key: string, address: string) => `${address} ${key}`;
