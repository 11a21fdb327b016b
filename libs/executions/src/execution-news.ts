import { Injectable } from '@nestjs/common';
import { HintBus } from '@longhaul/queue';

/** "There is news of this execution", for libs above that wait for something: may be lost, so whoever listens also looks. */
@Injectable()
export class ExecutionNews {
  constructor(private readonly hints: HintBus) {}

  /** To every process. Never throws, never waits. */
  tell(executionId: string): void {
    this.hints.publish({ kind: 'execution', executionId });
  }

  /** `listener` is told from now on; the answer ends it. */
  listen(listener: (executionId: string) => void): () => void {
    return this.hints.subscribe((hint) => {
      if (hint.kind === 'execution') listener(hint.executionId);
    });
  }
}
