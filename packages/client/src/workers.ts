import type { Client } from 'openapi-fetch';
import { answer } from './answer.ts';
import type { paths } from './openapi.ts';
import type { Sending } from './sending.ts';
import type { CallOptions, Worker } from './types.ts';

/** `client.workers`: for the operator, with a key of scope `admin`. */
export class Workers {
  constructor(
    private readonly api: Client<paths>,
    private readonly sending: Sending,
  ) {}

  /** Those that live, then those that ended within the hour; newest first. */
  async list({ signal }: CallOptions = {}): Promise<Worker[]> {
    return answer(await this.api.GET('/v1/workers', this.sending({ signal }))).items;
  }

  /** Takes nothing more, lets what it runs end, and stops; the worker as it is at that moment. May be asked twice. */
  async drain(id: string, { signal }: CallOptions = {}): Promise<Worker> {
    const params = { path: { id } };
    return answer(await this.api.POST('/v1/workers/{id}/drain', { params, ...this.sending({ signal }) }));
  }
}
