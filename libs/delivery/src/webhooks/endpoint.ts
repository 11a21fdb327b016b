import type { Row } from '@longhaul/database';
import type { WebhookBody, WebhookEnvelope } from './webhook-body';

/** What an endpoint may ask to be told of. */
export const WEBHOOK_EVENTS = ['execution.completed', 'execution.failed', 'execution.cancelled'] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];
/** What a test delivery is called; nobody can ask for it. */
export const TEST_EVENT = 'webhook.test';

/** A registered endpoint, without its secrets. */
export interface Endpoint {
  id: string;
  owner: string;
  url: string;
  description: string | null;
  events: WebhookEvent[];
  /** Empty: all of them. */
  agents: string[];
  body: WebhookBody;
  envelope: WebhookEnvelope;
  enabled: boolean;
  disabledReason: string | null;
  failures: number;
  /** Nothing is sent to it before this; null: its circuit is closed. */
  openUntil: Date | null;
  /** Until then the secret before the present one signs too; null: there is none. */
  previousSecretUntil: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

/** What may be said of an endpoint. */
export interface EndpointSettings {
  url: string;
  description: string | null;
  events: WebhookEvent[];
  agents: string[];
  body: WebhookBody;
  envelope: WebhookEnvelope;
}

export function toEndpoint(row: Row): Endpoint {
  return {
    id: row.id as string,
    owner: row.owner as string,
    url: row.url as string,
    description: row.description as string | null,
    events: fromFilter(row.events as string) as WebhookEvent[],
    agents: fromFilter(row.agents as string),
    body: row.body as WebhookBody,
    envelope: row.envelope as WebhookEnvelope,
    enabled: Boolean(row.enabled),
    disabledReason: row.disabled_reason as string | null,
    failures: Number(row.failures),
    openUntil: toDate(row.open_until),
    previousSecretUntil: toDate(row.previous_until),
    createdAt: new Date(Number(row.created_at)),
    updatedAt: new Date(Number(row.updated_at)),
  };
}

/** `,a,b,`: a search for `,a,` finds a; empty when there is none. */
export function toFilter(items: readonly string[]): string {
  return items.length === 0 ? '' : `,${items.join(',')},`;
}

function fromFilter(text: string): string[] {
  return text.split(',').filter((item) => item !== '');
}

function toDate(moment: unknown): Date | null {
  return moment === null ? null : new Date(Number(moment));
}
