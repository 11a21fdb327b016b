import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '@longhaul/database';
import { LonghaulError } from '@longhaul/kernel';
import { insertTicket, type Redemption, redeemTicket } from '../statements/stream-tickets';

const TTL_MS = 30_000;
/** Secret scanners know a credential by its prefix. */
const PREFIX = 'lht_';

/** On whose behalf a stream is opened, and what for. */
export interface TicketHolder {
  owner: string;
  scopes: readonly string[];
}

export interface IssuedTicket {
  /** Told once: only its hash is kept. */
  ticket: string;
  /** By the database's clock. */
  expiresAt: number;
}

/**
 * Tickets for streams: a browser can give a WebSocket no header, and a key in a URL ends up in logs. A ticket may be in
 * one: it is good once, for 30 seconds, at any process of the gateway.
 */
@Injectable()
export class StreamTickets {
  constructor(private readonly database: Database) {}

  async issue({ owner, scopes }: TicketHolder): Promise<IssuedTicket> {
    const ticket = PREFIX + randomBytes(32).toString('base64url');
    return { ticket, expiresAt: await insertTicket(this.database, { hash: hashOf(ticket), owner, scopes }, TTL_MS) };
  }

  /** Uses it up. Throws `unauthenticated`, which says why: used, expired or unknown. */
  async redeem(ticket: string): Promise<TicketHolder> {
    const redemption = await redeemTicket(this.database, hashOf(ticket));
    if (redemption.kind === 'redeemed') return { owner: redemption.owner, scopes: redemption.scopes };
    throw new LonghaulError(
      'unauthenticated',
      `${REASONS[redemption.kind]}: ask POST /v1/stream-tickets for a new one`,
    );
  }
}

const REASONS: Record<Exclude<Redemption['kind'], 'redeemed'>, string> = {
  used: 'the ticket was used before, and is good for one stream',
  expired: `the ticket has expired: it was good for ${TTL_MS / 1_000} s`,
  unknown: 'the ticket is not known to this gateway',
};

function hashOf(ticket: string): string {
  return createHash('sha256').update(ticket).digest('hex');
}
