import type { GatewayConfig } from '@longhaul/config';
import { LonghaulError } from '@longhaul/kernel';
import type { FastifyRequest } from 'fastify';

/**
 * A browser opens a WebSocket for any page, with the cookies and from inside the network of whoever looks at it, and
 * says only afterwards which page that was. Who sends no Origin is no browser. Throws `forbidden`.
 */
export function refuseForeignOrigin(
  { headers: { origin }, host }: FastifyRequest,
  { allowedOrigins, publicUrl }: GatewayConfig['server'],
): void {
  if (origin === undefined || allowedOrigins.includes(origin)) return;
  if (URL.canParse(origin)) {
    const page = new URL(origin);
    if (page.host === host || (publicUrl !== undefined && page.origin === new URL(publicUrl).origin)) return;
  }
  throw new LonghaulError(
    'forbidden',
    `pages of ${origin.slice(0, 200)} may not open this WebSocket: add the origin to server.allowed_origins`,
  );
}
