import { Injectable } from '@nestjs/common';
import { HintBus } from '@longhaul/queue';

/** "Something is to be delivered", to the senders of all processes; may be lost, so they also look by themselves. */
@Injectable()
export class DeliveryNews {
  constructor(private readonly hints: HintBus) {}

  /** After the commit. Never throws, never waits. */
  tell(): void {
    this.hints.publish({ kind: 'delivery' });
  }

  /** The answer ends it. */
  listen(listener: () => void): () => void {
    return this.hints.subscribe((hint) => {
      if (hint.kind === 'delivery') listener();
    });
  }
}
