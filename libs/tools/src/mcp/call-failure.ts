import { LonghaulError, NoEffectError, PermanentError, redact, RetryableError } from '@longhaul/kernel';
import type { McpServerOptions } from './mcp-options';
import { MessageTooLarge } from './message-too-large';
import { NotSent } from './not-sent';

const MAX_MESSAGE = 2_000;
/** Of these nothing was carried out: no connection came about. */
const NOT_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** What a failed call means: whether the model is told, the attempt ends, or the call may be made again at once. */
export interface CallFailure {
  error: Error;
  /** The connection is of no use any more, though nothing has closed it. */
  stale: boolean;
}

type Asked = Pick<McpServerOptions, 'name' | 'secrets'>;

/** The server cannot be reached, so that nothing was carried out. */
export function notReached({ name, secrets }: Asked, cause: unknown): NoEffectError {
  const message = `MCP server "${name}" cannot be asked: ${textOf(cause, secrets)}`;
  return new NoEffectError(message, { code: 'unavailable', cause });
}

/**
 * What a call of a tool threw, as the decision that it means. An error that the server answered is told to the model:
 * the same call would fail again. What kept the answer from coming may pass.
 */
export function callFailure(
  server: Asked,
  name: string,
  cause: unknown,
  closedBecause: Error | undefined,
): CallFailure {
  if (cause instanceof LonghaulError) return { error: cause, stale: false };
  if (cause instanceof NotSent) return { error: notReached(server, cause), stale: true };
  if (closedBecause instanceof MessageTooLarge) {
    return { error: refused(name, `its server ${closedBecause.message}`, cause), stale: false };
  }
  if (closedBecause) {
    const message = `${name}: its server ${closedBecause.message}, and the answer is lost`;
    return { error: new RetryableError(message, { code: 'outbound_failed', cause }), stale: false };
  }
  const status = httpStatusOf(cause);
  if (status !== undefined && status < 500) return { error: notReached(server, cause), stale: status === 404 };
  if (NOT_CONNECTED.has(networkCodeOf(cause))) return { error: notReached(server, cause), stale: true };
  if (isAnswered(cause)) return { error: refused(name, textOf(cause, server.secrets), cause), stale: false };
  const error = new RetryableError(`${name}: ${textOf(cause, server.secrets)}`, { code: 'outbound_failed', cause });
  return { error, stale: false };
}

function refused(name: string, message: string, cause: unknown): PermanentError {
  return new PermanentError(`${name}: ${message}`, { code: 'remote_error', cause });
}

/** By the SDK's `StreamableHTTPError`, which is loaded late: -1 is an answer of another kind. */
function httpStatusOf(error: unknown): number | undefined {
  const status =
    error instanceof Error && error.constructor.name === 'StreamableHTTPError' && 'code' in error && error.code;
  return typeof status === 'number' && status > 0 ? status : undefined;
}

/** An error of JSON-RPC, or an answer that is none of a tool. */
function isAnswered(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    (error.constructor.name === 'McpError' && 'code' in error) ||
    error.name === 'ZodError' ||
    error.name === '$ZodError'
  );
}

function networkCodeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const inner: unknown = cause instanceof AggregateError ? cause.errors[0] : cause;
  return typeof inner === 'object' && inner !== null && 'code' in inner ? String(inner.code) : '';
}

/** With what lies below it: `fetch failed` alone tells nobody anything. Without `secrets`, which a server may repeat. */
export function textOf(error: unknown, secrets: readonly string[] = []): string {
  const code = networkCodeOf(error);
  const text = error instanceof Error ? `${error.message}${code === '' ? '' : ` (${code})`}` : String(error);
  return redact(text, secrets).slice(0, MAX_MESSAGE);
}
