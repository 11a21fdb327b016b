export interface OutboundRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  url: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** Aborting closes the connection. */
  signal?: AbortSignal;
  /** From the first byte to the last, redirects included; 30 s when absent. */
  timeoutMs?: number;
  /** Of the answer, decompressed; 2 MB when absent. */
  maxBytes?: number;
  /** What is larger is cut off there, and is no error: for whoever wants no more than to show its beginning. */
  cutsBody?: boolean;
}

export interface OutboundResponse {
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}
