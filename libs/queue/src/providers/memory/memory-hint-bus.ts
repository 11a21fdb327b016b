import { Injectable } from '@nestjs/common';
import { type Hint, HintBus } from '../../hint-bus';
import { HintListeners } from '../hint-listeners';

/** Hints within one process. With several processes on one database the pollers behind each hint do the work. */
@Injectable()
export class MemoryHintBus extends HintBus {
  private readonly listeners = new HintListeners();

  publish(hint: Hint): void {
    this.listeners.tell(hint);
  }

  subscribe(listener: (hint: Hint) => void): () => void {
    return this.listeners.add(listener);
  }
}
