import 'reflect-metadata';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { CHANNELS, knownChannels, type LoadedGatewayConfig, loadGatewayConfig, targetProblem } from '@longhaul/config';
import { createNotifiers, MessageComposer, type Notifier, type TryOutcome } from '@longhaul/delivery';
import { notifiersOptions } from '@longhaul/gateway';
import { newId, redact } from '@longhaul/kernel';
import { EXIT, type ExitCode } from '../exit-codes';
import { plain } from '../terminal/plain';
import { printJson } from '../terminal/print';
import { paint } from '../terminal/style';
import { UsageError } from '../usage-error';
import { sendTestWebhook } from './notify-webhook';

export interface NotifyFlags {
  workspace: string;
  to?: string;
  json?: boolean;
}

/** How long a service may take. */
const LIMIT_MS = 30_000;

/** One message to each recipient, sent once and kept nowhere. Exit code 1 when one was not taken. */
export async function notifyTest(channel: string, flags: NotifyFlags): Promise<ExitCode> {
  const workspace = resolve(flags.workspace);
  const loaded = loadGatewayConfig({ workspace, env: process.env });
  const { notifications } = loaded.config;
  const { to } = flags;
  const known = knownChannels(notifications);
  const usable = [...known.recipients.keys()].filter((name) => name !== 'webhook');
  const problem = targetProblem({ channel, ...(to === undefined ? {} : { to }) }, known);
  if (problem) throw new UsageError(`${problem.message}; ${problem.hint}; ${listOf(usable)}`);
  const send = senderTo(channel, loaded);
  const own = [...known.recipients].find(([name]) => name === channel)?.[1] ?? [];
  const results = [];
  for (const recipient of to === undefined ? own : [to]) results.push(await send(recipient));
  if (flags.json) printJson({ workspace, channel, results });
  else results.forEach((result) => print(channel, result));
  return results.every(({ delivered }) => delivered) ? EXIT.ok : EXIT.failed;
}

type Result = ReturnType<typeof resultOf>;
type Sent = { outcome: TryOutcome; sent: { subject: string; text: string } };

function senderTo(channel: string, loaded: LoadedGatewayConfig): (to: string | null) => Promise<Result> {
  const { notifications, source, ...composing } = notifiersOptions(loaded);
  const notifier = createNotifiers(notifications, source).find(({ name }) => name === channel);
  const composer = new MessageComposer({ ...composing, templates: notifications.templates });
  return async (to) => {
    const sent = notifier
      ? await sendMessage(to, notifier, composer)
      : await sendTestWebhook(to ?? '', loaded, LIMIT_MS);
    return resultOf(to, sent, loaded.secrets);
  };
}

async function sendMessage(to: string | null, notifier: Notifier, composer: MessageComposer): Promise<Sent> {
  const message = composer.plain(
    {
      id: newId('dlv'),
      about: 'longhaul-notify-test',
      subject: 'A test of Longhaul: notifications arrive here',
      paragraphs: [`Sent by "longhaul notify test ${notifier.name}" on ${hostname()}. Nothing has happened.`],
      severity: 'info',
      link: null,
    },
    notifier,
  );
  const outcome = await notifier
    .send(message, to, AbortSignal.timeout(LIMIT_MS))
    .catch(() => ({ kind: 'failed' as const, error: `no answer within ${LIMIT_MS / 1_000} s`, retryable: true }));
  return { outcome, sent: { subject: message.subject, text: message.text } };
}

function resultOf(to: string | null, { outcome, sent }: Sent, secrets: readonly string[]) {
  const answer = outcome.kind === 'delivered' ? outcome.excerpt : 'error' in outcome ? outcome.error : outcome.reason;
  return {
    to,
    delivered: outcome.kind === 'delivered',
    ...('status' in outcome && outcome.status !== undefined ? { status: outcome.status } : {}),
    answer: redact(answer ?? '', secrets),
    ...('retryable' in outcome ? { retryable: outcome.retryable } : {}),
    sent,
  };
}

function print(channel: string, { to, delivered, answer, retryable, sent }: Result): void {
  const place = to === null ? channel : `${channel} ${to}`;
  console.log(`${paint(delivered ? 'green' : 'red', delivered ? 'sent' : 'not sent')}  ${place}  ${plain(answer)}`);
  for (const line of sent.text.split('\n').filter((text) => text !== '')) console.log(`  ${line}`);
  if (retryable) console.log('→ a gateway would try it again');
}

function listOf(usable: readonly string[]): string {
  const others = CHANNELS.filter((name) => name !== 'webhook' && !usable.includes(name)).join(', ');
  return usable.length === 0
    ? 'no channel is configured in gateway.yaml'
    : `configured: ${usable.join(', ')}${others === '' ? '' : `; not configured: ${others}`}`;
}
