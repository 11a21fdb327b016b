import { createHmac, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@longhaul/database';
import { DELIVERY_OPTIONS, type DeliveryOptions } from '../delivery-options';

const NAME = 'callbacks';
const OPERATOR = 'operator';

function derive(root: string, name: string): string {
  return `whsec_${createHmac('sha256', root).update(name).digest('base64')}`;
}

/** `ofOperator` of a gateway whose `webhooks.secret` is known, without its database. */
export function operatorSecret(webhooksSecret: string): string {
  return derive(webhooksSecret, OPERATOR);
}

/**
 * What calls to a `callback_url` are signed with: a secret of its own for each owner, so that nobody can forge what
 * another one receives. All are made from one: `webhooks.secret`, or where that is absent a random one, made by
 * whichever process needs it first and kept in the database.
 */
@Injectable()
export class CallbackSecrets {
  private root: Promise<string> | undefined;

  constructor(
    private readonly database: Database,
    @Inject(DELIVERY_OPTIONS) private readonly options: DeliveryOptions,
  ) {}

  of(owner: string): Promise<string> {
    return this.derived(`callback_url of ${owner}`);
  }

  /** Of webhooks that gateway.yaml or an AGENT.md names: no owner may read it, or he could forge alerts. */
  ofOperator(): Promise<string> {
    return this.derived(OPERATOR);
  }

  private async derived(name: string): Promise<string> {
    return derive(await this.rootSecret(), name);
  }

  private rootSecret(): Promise<string> {
    if (this.options.secret !== undefined) return Promise.resolve(this.options.secret);
    this.root ??= this.stored().catch((error: unknown) => {
      this.root = undefined;
      throw error;
    });
    return this.root;
  }

  private async stored(): Promise<string> {
    const [row] = await this.database.run(
      `INSERT INTO gateway_secrets (name, value) VALUES ($1, $2)
       ON CONFLICT (name) DO UPDATE SET value = gateway_secrets.value RETURNING value`,
      [NAME, randomBytes(32).toString('base64url')],
    );
    return row?.value as string;
  }
}
