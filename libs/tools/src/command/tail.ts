/** The last `limit` characters of a text that comes in pieces; never begins with half a character. */
export class Tail {
  private kept = '';

  constructor(private readonly limit: number) {}

  add(text: string): void {
    this.kept += text;
    if (this.kept.length > 2 * this.limit) this.kept = this.kept.slice(-this.limit - 1);
  }

  get text(): string {
    return this.kept.slice(-this.limit).replace(/^[\udc00-\udfff]/, '');
  }
}
