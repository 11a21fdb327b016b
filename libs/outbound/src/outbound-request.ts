export interface OutboundRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** Aborting closes the connection. */
  signal?: AbortSignal;
  /** From the first byte to the last, redirects included; 30 s when absent. */
  timeoutMs?: number;
  /** Of the answer, decompressed; 2 MB when absent. */
  maxBytes?: number;
  /**
   * For whoever goes by the status and shows the beginning of the body: what is larger, does not come within a second
   * of the headers or cannot be decoded is left out, and is no error.
   */
  cutsBody?: boolean;
  /** Whether a host may be called, as the WHATWG parser writes it; asked for each redirect too. All may when absent. */
  allowsHost?: (hostname: string) => boolean;
}

export interface OutboundResponse {
  /** Where the answer came from: the last of the redirects. */
  url: string;
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}
