/** autocannon brings no types; this is the part that is used here. */
declare module 'autocannon' {
  interface Options {
    url: string;
    method: 'GET' | 'POST';
    headers: Record<string, string>;
    body: string;
    connections: number;
    /** Requests in all. */
    amount: number;
    /** How often it looks whether it is done, in milliseconds. */
    sampleInt: number;
  }
  interface Tracker {
    on(event: 'response', listener: (client: unknown, status: number, bytes: number, ms: number) => void): void;
    on(event: 'reqError', listener: (error: Error) => void): void;
  }
  export default function autocannon(options: Options): Tracker;
}
