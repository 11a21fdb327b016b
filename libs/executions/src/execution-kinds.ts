import { Injectable } from '@nestjs/common';
import type { ExecutionHandler } from './execution-handler';
import type { ExecutionTargets } from './execution-targets';

/** Who runs what: the libs above register a handler and its targets for each kind when the process starts. */
@Injectable()
export class ExecutionKinds {
  private readonly kinds = new Map<string, { handler: ExecutionHandler; targets: ExecutionTargets }>();

  register(handler: ExecutionHandler, targets: ExecutionTargets): void {
    if (handler.kind !== targets.kind || this.kinds.has(handler.kind)) {
      throw new Error(`kind "${handler.kind}" needs exactly one handler and targets of the same kind`);
    }
    this.kinds.set(handler.kind, { handler, targets });
  }

  find(kind: string): { handler: ExecutionHandler; targets: ExecutionTargets } | undefined {
    return this.kinds.get(kind);
  }
}
