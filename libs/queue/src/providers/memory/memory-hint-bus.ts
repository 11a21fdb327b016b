import { EventEmitter } from 'node:events';
import { Injectable } from '@nestjs/common';
import { type Hint, HintBus } from '../../hint-bus';

/** Hints within one process. With several processes on one database the pollers behind each hint do the work. */
@Injectable()
export class MemoryHintBus extends HintBus {
  private readonly emitter = new EventEmitter().setMaxListeners(0);

  publish(hint: Hint): void {
    this.emitter.emit('hint', hint);
  }

  subscribe(listener: (hint: Hint) => void): () => void {
    this.emitter.on('hint', listener);
    return () => void this.emitter.off('hint', listener);
  }
}
