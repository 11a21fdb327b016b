import { isIP } from 'node:net';
import { checkApiKeys, toAuthConfig } from './auth-config';
import { checkDatabaseUrl } from './database-url';
import { checkProviders } from './provider-keys';
import { checkMcpServers } from './mcp-servers';
import { checkResultEvents } from './result-events';
import type { PlacedIssue } from './config-path';
import { checkNotifications } from './notifications/check-notifications';
import type { GatewayDocument } from './schema/gateway-schema';

/** What no single key can tell: the rules between keys of a document whose parts are each well formed. */
export function checkRules(document: GatewayDocument): PlacedIssue[] {
  return [
    ...checkExposure(document),
    ...checkDatabaseUrl(document.persistence),
    ...checkApiKeys(document.auth),
    ...checkHeartbeat(document),
    ...checkProfiles(document),
    ...checkProviders(document),
    ...checkNotifications(document),
    ...checkResultEvents(document),
    ...checkMcpServers(document),
  ];
}

/** Fails closed: what other machines can reach asks for a key. */
function checkExposure({ server, auth }: GatewayDocument): PlacedIssue[] {
  if (toAuthConfig(auth).mode !== 'none' || isLoopback(server.host)) return [];
  const message = `${server.host} can be reached from other machines while auth.mode is none`;
  const hint = 'set auth.mode: api_key and a key in auth.api_keys, or server.host: 127.0.0.1';
  return [{ at: ['server', 'host'], message, hint }];
}

/** A lease must survive one lost heartbeat. */
function checkHeartbeat({ queue, worker }: GatewayDocument): PlacedIssue[] {
  if (worker.heartbeat_s * 2 <= queue.visibility_timeout_s) return [];
  const message = `${worker.heartbeat_s} is more than half of queue.visibility_timeout_s (${queue.visibility_timeout_s})`;
  const hint = `set it to at most ${queue.visibility_timeout_s / 2}, or raise queue.visibility_timeout_s`;
  return [{ at: ['worker', 'heartbeat_s'], message, hint }];
}

/** What a profile leaves out an agent may say: then the agent is where it is checked. */
function checkProfiles({ profiles }: GatewayDocument): PlacedIssue[] {
  return Object.entries(profiles).flatMap(([name, { soft_timeout_s: soft, timeout_s: hard }]) => {
    if (soft === undefined || hard === undefined || soft < hard) return [];
    const message = `${soft} is not less than timeout_s (${hard}), which ends a run for good`;
    return [{ at: ['profiles', name, 'soft_timeout_s'], message, hint: 'lower it, or raise timeout_s' }];
  });
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
