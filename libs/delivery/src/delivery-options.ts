import type { SafeHttpOptions } from '@longhaul/outbound';

/** What is configured of deliveries; see `webhooks` in gateway.yaml. */
export interface DeliveryOptions {
  /** How long one try may take. */
  tryTimeoutMs: number;
  /** The pauses between tries: one try more than there are. */
  scheduleMs: readonly number[];
  /** Sent at once by one process. */
  concurrency: number;
  /** Of these to one host. */
  perLane: number;
  /** Several share this gateway, and none of them may fill its sender. */
  manyOwners: boolean;
  /** `http.allow_private_cidrs`. */
  allowPrivateCidrs: readonly string[];
  /** Whether a public host may be called without TLS. */
  allowHttp: boolean;
  /** Where the secrets of callback URLs come from; one is made, and kept in the database, when absent. */
  secret?: string;
  /** Of what is blotted out in what is stored of answers; grows as the process learns more. */
  secrets: readonly string[];
  /** An endpoint is left alone for `openMs` after so many failed tries in a row. */
  circuit: { failures: number; openMs: number };
  /** Where other machines reach the API; null when nobody knows. */
  publicUrl: string | null;
  /** Instead of the system's resolver, for tests. */
  resolve?: NonNullable<SafeHttpOptions['resolve']>;
}
export const DELIVERY_OPTIONS = Symbol('DeliveryOptions');
