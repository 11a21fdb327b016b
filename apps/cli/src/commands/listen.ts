import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { GatewayConfig } from '@longhaul/config';
import { LonghaulError } from '@longhaul/kernel';

type Address = Pick<GatewayConfig['server'], 'host' | 'port'>;

const OTHER_HOST = 'this is no address of this machine; mend --host or server.host';
const MENDS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another process uses this port; stop it, or choose another port with --port or server.port',
  EACCES: 'this user may not use this port; choose one above 1023 with --port or server.port',
  EADDRNOTAVAIL: OTHER_HOST,
  ENOTFOUND: OTHER_HOST,
};

/** Listens. When it cannot, what the worker of this process has taken meanwhile is released; throws `unavailable`. */
export async function listen(api: NestFastifyApplication, { host, port }: Address): Promise<void> {
  try {
    await api.listen(port, host);
  } catch (cause) {
    await api.close();
    const { code = '', message } = cause as NodeJS.ErrnoException;
    throw new LonghaulError('unavailable', `cannot listen on ${host}:${port}: ${MENDS[code] ?? message}`, { cause });
  }
}
