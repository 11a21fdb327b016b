import { ConfigurationError, LonghaulError } from '@longhaul/kernel';

/** No verb waits longer than this for RabbitMQ. */
const ANSWER_TIMEOUT_MS = 2_000;

/** The broker as a log may name it: without the password. */
export function rabbitMqName(url: string): string {
  const { hostname, port } = new URL(url);
  return `RabbitMQ at ${hostname}:${port || 5672}`;
}

export function unavailable(url: string, reason: unknown): LonghaulError {
  const text = reason instanceof Error ? reason.message : String(reason);
  return new LonghaulError('unavailable', `${rabbitMqName(url)} is not reachable: ${text}`, {
    retryable: true,
    cause: reason,
  });
}

/** What RabbitMQ refuses on principle is the configuration's fault and will not pass; the rest may. */
export function explain(url: string, error: unknown): LonghaulError {
  const reason = error instanceof Error ? error.message : String(error);
  // The last is how amqplib tells of a virtual host that does not exist, or is not this user's.
  if (/ACCESS[-_]REFUSED|NOT[-_]ALLOWED|got <ConnectionClose/.test(reason)) {
    return new ConfigurationError(`${rabbitMqName(url)} refuses the connection; mend queue.rabbitmq_url: ${reason}`, [
      { path: 'queue.rabbitmq_url', message: reason },
    ]);
  }
  if (/PRECONDITION[-_]FAILED/.test(reason)) {
    return new ConfigurationError(
      `${rabbitMqName(url)} has a queue of this name that is not Longhaul's; delete it or change queue.queue_name: ${reason}`,
      [{ path: 'queue.queue_name', message: reason, hint: 'delete that queue, or choose another queue.queue_name' }],
    );
  }
  return unavailable(url, error);
}

/** The answer of the broker, or `unavailable` when it does not come. What comes after that is left to `late`. */
export async function answered<T>(url: string, answer: Promise<T>, late?: (value: T) => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(unavailable(url, `no answer within ${ANSWER_TIMEOUT_MS / 1000} s`));
      answer.then(late).catch(() => undefined);
    }, ANSWER_TIMEOUT_MS);
  });
  try {
    return await Promise.race([answer, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
