import type { RecordedStep } from '../../statements/read-steps';

/** Results that are read together, of steps that were begun one after the other: 4 MB at most. */
const PAGE = 64;

/** Where results are read, as JSON. */
export interface RecordedResults {
  /** Of these steps, what is in their rows. */
  inRows(keys: readonly string[]): Promise<Map<string, string | null>>;
  /** What is kept apart from its step. */
  apart(key: string): Promise<string | null>;
}

/**
 * What earlier runs of an execution have recorded. All steps are here; of their results only those around what the
 * code asks for, since it asks in much the same order again, until it has asked for them.
 */
export class RecordedSteps {
  private readonly inRows: string[];
  private readonly places: Map<string, number>;
  private readonly ahead = new Map<string, Promise<string | null>>();
  private readonly given = new Set<string>();

  constructor(
    private readonly steps: ReadonlyMap<string, RecordedStep>,
    private readonly results: RecordedResults,
  ) {
    this.inRows = [...steps].flatMap(([key, { status, isApart }]) => (status === 'completed' && !isApart ? [key] : []));
    this.places = new Map(this.inRows.map((key, place) => [key, place]));
  }

  get(key: string): RecordedStep | undefined {
    return this.steps.get(key);
  }

  /** The result of a completed step; to be asked once. */
  async resultOf(key: string): Promise<unknown> {
    if (!this.steps.get(key)?.isApart) return JSON.parse((await this.inRow(key)) ?? 'null') as unknown;
    const text = await this.results.apart(key);
    if (text === null) throw new Error(`the result of step "${key}" is not where it was kept`);
    return JSON.parse(text) as unknown;
  }

  private inRow(key: string): Promise<string | null> {
    if (!this.ahead.has(key)) this.readFrom(key);
    const text = this.ahead.get(key) ?? Promise.resolve(null);
    this.ahead.delete(key);
    this.given.add(key);
    return text;
  }

  private readFrom(key: string): void {
    const place = Math.floor((this.places.get(key) ?? 0) / PAGE) * PAGE;
    const keys = this.inRows.slice(place, place + PAGE).filter((one) => !this.given.has(one) && !this.ahead.has(one));
    const page = this.results.inRows(keys);
    for (const one of keys) {
      const text = page.then((texts) => texts.get(one) ?? null);
      // Who never asks for it is not told that it could not be read.
      text.catch(() => undefined);
      this.ahead.set(one, text);
    }
  }
}
