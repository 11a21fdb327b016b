import { Injectable } from '@nestjs/common';
import { type AbortReason, RunAborted } from './run-aborted';

/** The runs of this process, so that whoever learns that one must stop can tell it. */
@Injectable()
export class ActiveRuns {
  private readonly runs = new Map<string, AbortController>();
  private readonly hands = new Map<string, number>();
  private opened = 0;
  private onOpened: (count: number) => void = () => undefined;

  /** From before the claim to the end of the run: what is in hand here is not taken for forgotten. */
  async holding<T>(executionId: string, action: () => Promise<T>): Promise<T> {
    this.hands.set(executionId, (this.hands.get(executionId) ?? 0) + 1);
    try {
      return await action();
    } finally {
      const others = (this.hands.get(executionId) ?? 1) - 1;
      if (others > 0) this.hands.set(executionId, others);
      else this.hands.delete(executionId);
    }
  }

  isInHand(executionId: string): boolean {
    return this.hands.has(executionId);
  }

  open(executionId: string): AbortController {
    const controller = new AbortController();
    this.runs.set(executionId, controller);
    this.opened += 1;
    this.onOpened(this.opened);
    return controller;
  }

  /** Calls back when so many runs have begun here since the start of the process. */
  whenOpened(count: number, action: () => void): void {
    this.onOpened = (opened) => opened === count && action();
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
