import { z } from 'zod';

const HOST = /^(?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$|^\[[0-9a-f:.]+\]$/i;

/** `allow_hosts` of a kind that calls hosts. */
export const allowedHosts = z
  .array(z.string().regex(HOST, { error: 'expected a host such as api.example.com or *.example.com' }))
  .max(100);

/** `*.example.com` stands for all hosts below it, and not for itself. */
export function hostAllowed(host: string, hosts: readonly string[]): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  return hosts.some((pattern) => {
    const wanted = pattern.toLowerCase();
    return wanted.startsWith('*.') ? name.endsWith(wanted.slice(1)) : name === wanted;
  });
}
