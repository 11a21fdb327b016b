import type { Turn } from '@longhaul/agents';
import { type Execution, isTerminal } from '@longhaul/executions';
import { LonghaulError } from '@longhaul/kernel';
import { eventCursor } from '../executions/event-cursor';
import type { ClientFrame, Subject } from './client-frame';
import { FollowedExecutions } from './followed-executions';
import type { Outbox } from './outbox';
import type { StreamSources } from './stream-sources';

const MAX = 100;
/** Turns of one conversation that are not over and are followed at once; further ones when one of these has ended. */
const MAX_LIVE_TURNS = 20;

type Subscribe = Extract<ClientFrame, { type: 'subscribe' }>;
type OfExecution = Extract<Subscribe, { after: number }>;
type OfConversation = Exclude<Subscribe, OfExecution>;
type TellFailure = (error: unknown, subject: Subject) => void;

/** What one connection is subscribed to, on behalf of one owner. */
export class Subscriptions {
  private readonly active = new Map<string, AbortController>();
  private readonly followed: FollowedExecutions;

  constructor(
    private readonly owner: string,
    private readonly sources: StreamSources,
    private readonly outbox: Outbox,
    private readonly tellFailure: TellFailure,
  ) {
    this.followed = new FollowedExecutions(sources.events, outbox, (error, id) =>
      tellFailure(error, { execution_id: id }),
    );
  }

  /** Throws `not_found`, `invalid_cursor`, `events_deleted`, `invalid_request` for what is subscribed already, or `too_many_streams`. */
  async subscribe(frame: Subscribe): Promise<void> {
    const name = nameOf(frame.subject);
    if (this.active.has(name)) {
      throw new LonghaulError('invalid_request', `${name} is subscribed on this connection: unsubscribe it first`);
    }
    if (this.active.size >= MAX) {
      const message = `${MAX} subscriptions on this connection: unsubscribe some, or open another one`;
      throw new LonghaulError('too_many_streams', message);
    }
    if (isOfExecution(frame)) await this.subscribeExecution(frame, name);
    else await this.subscribeConversation(frame, name);
  }

  /** Throws `invalid_request` for what is not subscribed; an execution that has ended is not. */
  unsubscribe(subject: Subject): void {
    const name = nameOf(subject);
    if (!this.active.has(name)) {
      throw new LonghaulError('invalid_request', `${name} is not subscribed on this connection, or has ended`);
    }
    this.drop(name);
    this.outbox.send({ type: 'unsubscribed', ...subject });
  }

  close(): void {
    for (const name of this.active.keys()) this.drop(name);
  }

  private drop(name: string): void {
    this.active.get(name)?.abort();
    this.active.delete(name);
    this.followed.release(name);
  }

  private begin(name: string, subject: Subject): AbortController {
    const controller = new AbortController();
    this.active.set(name, controller);
    this.outbox.send({ type: 'subscribed', ...subject });
    return controller;
  }

  private async subscribeExecution({ subject, after: asked }: OfExecution, name: string): Promise<void> {
    const id = subject.execution_id;
    const execution = await this.sources.executions.get(id, this.owner);
    const after = eventCursor(String(asked), undefined, execution);
    await this.sources.log.assertKept(execution, after);
    const controller = this.begin(name, subject);
    if (isWhole(execution, after)) {
      this.active.delete(name);
      return this.outbox.send({ type: 'end', execution_id: id });
    }
    void this.followed.follow(id, after, name).then(() => {
      if (this.active.get(name) === controller) this.active.delete(name);
    });
  }

  private async subscribeConversation(frame: OfConversation, name: string): Promise<void> {
    await this.sources.conversations.get(frame.subject.conversation_id, this.owner);
    const { signal } = this.begin(name, frame.subject);
    void this.followConversation(frame, name, signal).catch((error: unknown) => {
      if (signal.aborted) return;
      this.drop(name);
      this.tellFailure(error, frame.subject);
    });
  }

  private async followConversation(frame: OfConversation, name: string, signal: AbortSignal): Promise<void> {
    const { subject, after, afterTurn } = frame;
    const live = new Set<Promise<void>>();
    for await (const turns of this.sources.turns.follow(this.owner, subject.conversation_id, afterTurn, signal)) {
      for (const [turn, execution] of await this.executionsOf(turns)) {
        const cursor = Math.min(after.get(execution.id) ?? -1, execution.nextSeq - 1);
        if (isWhole(execution, cursor) || !(await this.isKept(execution, cursor))) continue;
        while (live.size >= MAX_LIVE_TURNS && !signal.aborted) await Promise.race(live);
        if (signal.aborted) return;
        await this.outbox.whenRoom(() => {
          if (!signal.aborted) this.outbox.send({ type: 'turn', ...subject, turn, execution_id: execution.id });
        });
        if (signal.aborted) return;
        const end = this.followed.follow(execution.id, cursor, name).then(() => void live.delete(end));
        live.add(end);
        // What is over is told in the order of its turns.
        if (isTerminal(execution.status)) await end;
      }
    }
  }

  /** Told where it is not; the other turns go on. */
  private async isKept(execution: Execution, after: number): Promise<boolean> {
    try {
      await this.sources.log.assertKept(execution, after);
      return true;
    } catch (error) {
      this.tellFailure(error, { execution_id: execution.id });
      return false;
    }
  }

  /** Without those that were deleted meanwhile. */
  private async executionsOf(turns: Turn[]): Promise<[number, Execution][]> {
    const ids = turns.map(({ executionId }) => executionId);
    const found = new Map((await this.sources.executions.findMany(ids, this.owner)).map((one) => [one.id, one]));
    return turns.flatMap(({ turn, executionId }) => {
      const execution = found.get(executionId);
      return execution ? [[turn, execution] as [number, Execution]] : [];
    });
  }
}

function isOfExecution(frame: Subscribe): frame is OfExecution {
  return 'execution_id' in frame.subject;
}

/** The client has seen all that there will be. */
function isWhole({ status, nextSeq }: Execution, after: number): boolean {
  return isTerminal(status) && after === nextSeq - 1;
}

function nameOf(subject: Subject): string {
  return 'execution_id' in subject ? subject.execution_id : subject.conversation_id;
}
