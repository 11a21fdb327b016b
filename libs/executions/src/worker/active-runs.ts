import { Injectable } from '@nestjs/common';
import { type AbortReason, RunAborted } from './run-aborted';

/** The runs of this process, so that whoever learns that one must stop can tell it. */
@Injectable()
export class ActiveRuns {
  private readonly runs = new Map<string, AbortController>();

  open(executionId: string): AbortController {
    const controller = new AbortController();
    this.runs.set(executionId, controller);
    return controller;
  }

  has(executionId: string): boolean {
    return this.runs.has(executionId);
  }

  close(executionId: string, controller: AbortController): void {
    if (this.runs.get(executionId) === controller) this.runs.delete(executionId);
  }

  /** Does nothing for a run that is not here, or that was told to stop before. */
  abort(executionId: string, reason: AbortReason): void {
    this.runs.get(executionId)?.abort(new RunAborted(reason));
  }

  abortAll(reason: AbortReason): void {
    for (const controller of this.runs.values()) controller.abort(new RunAborted(reason));
  }
}
