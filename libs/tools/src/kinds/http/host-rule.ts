import { ARGUMENTS_SCOPE } from '../../template/template-scope';
import { isFixed } from '../../template/template';
import { hostAllowed } from '../allowed-hosts';
import type { KindIssue } from '../tool-kind';
import type { HttpToolOptions } from './http-schema';

/** Scheme, host and port as they are written. */
export function originText(url: string): string {
  return /^[a-z]+:\/\/[^/?#]*/i.exec(url)?.[0] ?? url;
}

/** Whether arguments have no say in where a call goes. */
export function hostIsFixed(url: string): boolean {
  return isFixed(originText(url), ARGUMENTS_SCOPE);
}

/** Where the host comes from an argument, the file must say which there may be. */
export function hostIssue({ url, allow_hosts: hosts }: HttpToolOptions): KindIssue | undefined {
  const origin = originText(url);
  if (!hostIsFixed(url)) {
    if (hosts !== undefined && hosts.length > 0) return undefined;
    const message = 'the host comes from an argument, and http.allow_hosts names none';
    return { path: ['url'], message, hint: 'write the host out, or allow_hosts: [api.example.com]' };
  }
  if (origin.includes('${')) return undefined;
  const host = URL.parse(origin)?.hostname;
  if (host === undefined) return { path: ['url'], message: `"${origin}" is no URL`, hint: 'correct the host' };
  if (hosts === undefined || hostAllowed(host, hosts)) return undefined;
  const message = `names the host ${host}, which is not one of http.allow_hosts`;
  return { path: ['url'], message, hint: `add ${host} to allow_hosts, or remove allow_hosts` };
}

/** The hosts of one tool, once its variables are filled in: those that it lists, and the one that is written out. */
export function hostsOf({ url, allow_hosts: hosts = [] }: HttpToolOptions): string[] {
  const own = hostIsFixed(url) ? URL.parse(originText(url))?.hostname : undefined;
  return own === undefined ? hosts : [own, ...hosts];
}
