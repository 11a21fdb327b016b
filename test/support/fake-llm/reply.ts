/** What the fake model does with one request. Times are in milliseconds. */
export type Reply =
  | {
      kind: 'text';
      text: string;
      chunks?: number;
      delayMs?: number;
      finish?: string;
      usage?: { input: number; output: number };
    }
  /** Says the text, and wants these tools called. */
  | {
      kind: 'calls';
      calls: readonly ScriptedCall[];
      text?: string;
      finish?: string;
      usage?: { input: number; output: number };
    }
  | { kind: 'status'; status: number; headers?: Record<string, string>; message?: string }
  /** Sends so much of the text, and then closes the socket. */
  | { kind: 'cut'; text: string }
  /** Sends the text, and ends the answer in good order but without its end. */
  | { kind: 'unfinished'; text: string }
  /** Sends this in place of events. */
  | { kind: 'garbage'; body: string }
  /** Sends the text, and then nothing until the client goes. */
  | { kind: 'hang'; text: string };

export const says = (text: string, more: Omit<Extract<Reply, { kind: 'text' }>, 'kind' | 'text'> = {}): Reply => ({
  kind: 'text',
  text,
  ...more,
});
export const answers = (status: number, headers: Record<string, string> = {}, message = `status ${status}`): Reply => ({
  kind: 'status',
  status,
  headers,
  message,
});

/** `arguments`: text is sent as it is, JSON or not. */
export interface ScriptedCall {
  tool: string;
  arguments?: object | string;
  /** Its place among all when absent: `call_0`. */
  id?: string;
}

export const callsTools = (
  calls: readonly ScriptedCall[],
  more: Omit<Extract<Reply, { kind: 'calls' }>, 'kind' | 'calls'> = {},
): Reply => ({ kind: 'calls', calls, ...more });
