import type { CreateEndpointRequest, WebhookEndpoint, WebhookEndpointWithSecret } from '@longhaul/client';
import { type ClientFlags, connect } from '../client/connect';
import { firstTry } from '../client/first-try';
import { commandName } from '../command-name';
import { EXIT, type ExitCode } from '../exit-codes';
import { oneLine } from '../terminal/event-line';
import { plain } from '../terminal/plain';
import { printFields, printJson, printTable } from '../terminal/print';

export interface ListEndpointsFlags extends ClientFlags {
  limit?: number;
  cursor?: string;
}

export interface AddEndpointFlags extends ClientFlags {
  event?: CreateEndpointRequest['events'];
  agent?: string[];
  description?: string;
  body?: CreateEndpointRequest['body'];
  envelope?: CreateEndpointRequest['envelope'];
}

export interface RotateFlags extends ClientFlags {
  overlap?: number;
}

export interface SecretFlags extends ClientFlags {
  operator?: boolean;
}

export interface TestFlags extends ClientFlags {
  detach?: boolean;
  waitTimeout?: number;
}

/** More than `webhooks.timeout_s` is by default. */
const PATIENCE_S = 30;

/** One page, newest first. */
export async function listEndpoints(flags: ListEndpointsFlags): Promise<ExitCode> {
  const { limit, cursor } = flags;
  const page = await connect(flags).webhooks.list({
    ...(limit === undefined ? {} : { limit }),
    ...(cursor === undefined ? {} : { cursor }),
  });
  if (flags.json) {
    printJson(page);
    return EXIT.ok;
  }
  const rows = page.items.map((endpoint) => [
    endpoint.endpoint_id,
    stateOf(endpoint),
    endpoint.events.map((event) => event.replace('execution.', '')).join(','),
    endpoint.agents.join(',') || '*',
    oneLine(endpoint.url),
    oneLine(endpoint.description ?? ''),
  ]);
  if (rows.length === 0) console.error('no endpoint is registered');
  else printTable(['ENDPOINT', 'STATE', 'EVENTS', 'AGENTS', 'URL', ''], rows);
  if (page.next_cursor !== null) console.error(`there are more: --cursor ${page.next_cursor}`);
  return EXIT.ok;
}

export async function addEndpoint(url: string, flags: AddEndpointFlags): Promise<ExitCode> {
  const { event: events, agent: agents, description, body, envelope } = flags;
  const endpoint = await connect(flags).webhooks.create({
    url,
    ...(events === undefined ? {} : { events }),
    ...(agents === undefined ? {} : { agents }),
    ...(description === undefined ? {} : { description }),
    ...(body === undefined ? {} : { body }),
    ...(envelope === undefined ? {} : { envelope }),
  });
  printWithSecret(endpoint, flags);
  if (!flags.json) console.error(`see whether it verifies: ${commandName()} webhooks test ${endpoint.endpoint_id}`);
  return EXIT.ok;
}

export async function removeEndpoint(id: string, flags: ClientFlags): Promise<ExitCode> {
  await connect(flags).webhooks.remove(id);
  if (flags.json) printJson({ endpoint_id: id, removed: true });
  else console.log(`${plain(id)} removed`);
  return EXIT.ok;
}

/** Enabled again, its circuit is closed too; disabled, what is still to be delivered to it fails. */
export async function switchEndpoint(id: string, enabled: boolean, flags: ClientFlags): Promise<ExitCode> {
  const endpoint = await connect(flags).webhooks.update(id, { enabled });
  if (flags.json) printJson(endpoint);
  else console.log(`${endpoint.endpoint_id} ${stateOf(endpoint)}`);
  return EXIT.ok;
}

export async function showCallbackSecret(flags: SecretFlags): Promise<ExitCode> {
  const secret = await connect(flags).webhooks.callbackSecret(flags.operator ? 'operator' : 'own');
  if (flags.json) printJson({ secret });
  else console.log(secret);
  return EXIT.ok;
}

export async function rotateEndpoint(id: string, flags: RotateFlags): Promise<ExitCode> {
  const { overlap } = flags;
  const change = overlap === undefined ? {} : { overlap_s: overlap };
  printWithSecret(await connect(flags).webhooks.rotateSecret(id, change), flags);
  return EXIT.ok;
}

/** 1 when the first try failed; 5 when there was none in time. */
export async function testEndpoint(id: string, flags: TestFlags): Promise<ExitCode> {
  const client = connect(flags);
  const ordered = await client.webhooks.test(id);
  if (flags.detach) {
    if (flags.json) printJson(ordered);
    else console.log(ordered.delivery_id);
    return EXIT.ok;
  }
  const delivery = await firstTry(client.deliveries, ordered.delivery_id, flags.waitTimeout ?? PATIENCE_S);
  const { delivery_id, status, last_error: error, last_status: code } = delivery;
  const isOver = status !== 'pending' || delivery.tries.length > 0;
  if (flags.json) printJson(delivery);
  else if (status === 'delivered') console.log(`${delivery_id} delivered, answered with ${code}`);
  else console.log(`${delivery_id} ${isOver ? `failed: ${oneLine(error ?? `HTTP ${code}`)}` : 'was not tried yet'}`);
  if (!flags.json && status === 'pending')
    console.error(`see what becomes of it: ${commandName()} deliveries show ${delivery_id}`);
  if (!isOver) return EXIT.timeout;
  return status === 'delivered' ? EXIT.ok : EXIT.failed;
}

function printWithSecret(endpoint: WebhookEndpointWithSecret, { json }: ClientFlags): void {
  if (json) {
    printJson(endpoint);
    return;
  }
  printFields(endpoint);
  console.error('keep the secret: it is not shown again');
}

function stateOf({ enabled, disabled_reason, paused_until, failures }: WebhookEndpoint): string {
  if (!enabled) return disabled_reason === undefined ? 'disabled' : `disabled (${oneLine(disabled_reason)})`;
  if (paused_until !== undefined) return `paused until ${paused_until}`;
  return failures === 0 ? 'enabled' : `enabled (${failures} failed)`;
}
