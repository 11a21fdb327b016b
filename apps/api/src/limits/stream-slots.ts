import { Injectable } from '@nestjs/common';
import { type GatewayConfig, InjectGatewayConfig } from '@longhaul/config';
import { LonghaulError } from '@longhaul/kernel';

const RETRY_AFTER_S = 5;

/** Places for the event streams that this process holds open, whatever their protocol: `server.streams`. */
@Injectable()
export class StreamSlots {
  private readonly taken = new Map<string, number>();
  private open = 0;

  constructor(@InjectGatewayConfig() private readonly config: GatewayConfig) {}

  /** A place for a stream of this owner; the answer gives it back, once. Throws `too_many_streams`. */
  take(owner: string): () => void {
    const { max, perKey } = this.config.server.streams;
    const own = this.taken.get(owner) ?? 0;
    if (this.config.auth.mode !== 'none' && perKey > 0 && own >= perKey) {
      throw tooMany(`${perKey} streams of this key's owner are open (server.streams.per_key): close one`);
    }
    if (this.open >= max) throw tooMany(`${max} streams are open in this process (server.streams.max)`);
    this.count(owner, 1);
    let held = true;
    return () => {
      if (held) this.count(owner, -1);
      held = false;
    };
  }

  private count(owner: string, change: 1 | -1): void {
    this.open += change;
    const own = (this.taken.get(owner) ?? 0) + change;
    if (own > 0) this.taken.set(owner, own);
    else this.taken.delete(owner);
  }
}

function tooMany(what: string): LonghaulError {
  return new LonghaulError('too_many_streams', `${what}, or try again in ${RETRY_AFTER_S} s`, {
    retryable: true,
    details: { retry_after_s: RETRY_AFTER_S },
  });
}
