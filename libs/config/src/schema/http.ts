import { isIP } from 'node:net';
import { z } from 'zod';
import { section } from './fields';

export const http = section('Outbound calls made on behalf of agents and clients.', {
  allow_private_cidrs: z
    .array(z.string().refine(isCidr, { error: 'must be a network such as 10.0.0.0/8 or fd00::/8' }))
    .default([])
    .describe('Private networks that may be called.'),
});

export function isCidr(value: string): boolean {
  const [address = '', prefix = '', ...rest] = value.split('/');
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return rest.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits;
}
