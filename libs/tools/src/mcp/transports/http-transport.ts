import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { Agent, fetch as send } from 'undici';
import type { McpUrl } from '../mcp-options';
import { CALL_KEY } from '../call-key';
import type { MessageTooLarge } from '../message-too-large';
import { CallStreams } from './call-streams';
import { cappedBody } from './capped-body';

const CONNECT_TIMEOUT_MS = 5_000;
/** Shorter than servers keep a socket: a call that is written into one that just ended may or may not have been read. */
const KEEP_ALIVE_MS = 1_000;

export interface HttpTransport {
  transport: Transport;
  calls: CallStreams;
  /** Ends its session and lets go of its sockets. */
  end(): Promise<void>;
}

/**
 * The SDK's transport, over a fetch that reads no message without end and waits as long as a call may take. Redirects
 * are followed within the server's own origin alone: whatever its answers say, only its operator decides who is called.
 */
export async function httpTransport(
  { url, headers }: McpUrl,
  onTooLarge: (error: MessageTooLarge) => void,
): Promise<HttpTransport> {
  const sdk = await import('@modelcontextprotocol/sdk/client/streamableHttp.js');
  const agent = new Agent({
    connect: { timeout: CONNECT_TIMEOUT_MS },
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const calls = new CallStreams();

  const fetch = async (target: string | URL, init: RequestInit = {}): Promise<Response> => {
    const key = callKeyOf(init.body);
    const signals = [init.signal, key === undefined ? undefined : calls.signalOf(key)];
    const signal = AbortSignal.any(signals.filter((one) => one !== null && one !== undefined));
    const request = { ...init, signal, dispatcher: agent, redirect: 'manual' } as Parameters<typeof send>[1];
    const response = (await send(target, request)) as unknown as Response;
    // A plain answer says by itself that it broke off.
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
    const onEnd = () => (key !== undefined && isStream ? calls.ended(key) : undefined);
    return cappedBody(response, { onTooLarge, onEnd });
  };

  const transport = new sdk.StreamableHTTPClientTransport(new URL(url), {
    fetch,
    requestInit: { headers: { ...headers } },
  });
  return {
    transport,
    calls,
    end: async () => {
      await transport.terminateSession().catch(() => undefined);
      await agent.destroy().catch(() => undefined);
    },
  };
}

/** Of the request for a tool's call: the key that it carries. */
function callKeyOf(body: unknown): string | undefined {
  if (typeof body !== 'string' || !body.includes('"tools/call"')) return undefined;
  const message = JSON.parse(body) as { method?: string; params?: Record<string, Record<string, string> | undefined> };
  return message.method === 'tools/call' ? message.params?.['_meta']?.[CALL_KEY] : undefined;
}
