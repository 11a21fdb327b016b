/** Where spans go, as the configuration says it. */
export interface TracesOptions {
  otlpUrl: string;
  headers: Readonly<Record<string, string>>;
  /** The share of traces that begin here and are kept; what comes with a traceparent follows its sender. */
  sample: number;
  version: string;
  /** Blotted out of whatever leaves. */
  secrets: readonly string[];
}

/** Ends the sending of spans: what is left is sent, or given up after a few seconds. */
export interface Traces {
  stop(): Promise<void>;
}
