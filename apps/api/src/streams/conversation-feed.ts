import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable, Logger } from '@nestjs/common';
import { ConversationsService, type Turn } from '@longhaul/agents';
import { ExecutionHooks } from '@longhaul/executions';
import { HintBus } from '@longhaul/queue';

/** How long conversations go on without a hint before they are looked at all the same. */
const POLL_INTERVAL_MS = 1_000;
/** Hints that come within this time are one. */
const GAP_MS = 20;

interface Follower {
  owner: string;
  conversationId: string;
  /** The last turn that was found. */
  turn: number;
  found: Turn[];
  wake: () => void;
}

/**
 * Follows conversations: which executions are their turns, those to come too. One statement looks at all of them, when
 * something was submitted anywhere and once a second, since hints may be lost. While nobody follows, nothing is done.
 */
@Injectable()
export class ConversationFeed {
  private readonly logger = new Logger(ConversationFeed.name);
  private readonly followers = new Set<Follower>();
  private stopListening: () => void = () => undefined;
  private soon: NodeJS.Timeout | undefined;
  private looking = false;
  private again = false;
  /** A look is made for all who follow, and belongs to none of their requests. */
  private readonly outside = AsyncLocalStorage.snapshot();

  constructor(
    private readonly conversations: ConversationsService,
    private readonly hints: HintBus,
    private readonly hooks: ExecutionHooks,
  ) {}

  /** The turns after `afterTurn`, in order, as they come, until `signal` aborts. Whose it is was asked before. */
  async *follow(
    owner: string,
    conversationId: string,
    afterTurn: number,
    signal: AbortSignal,
  ): AsyncGenerator<Turn[], void, void> {
    const follower: Follower = { owner, conversationId, turn: afterTurn, found: [], wake: () => undefined };
    const wake = () => follower.wake();
    signal.addEventListener('abort', wake);
    this.join(follower);
    try {
      while (!signal.aborted) {
        if (follower.found.length > 0) yield follower.found.splice(0);
        else {
          this.worthALook();
          await new Promise<void>((resolve) => (follower.wake = resolve));
        }
      }
    } finally {
      signal.removeEventListener('abort', wake);
      this.leave(follower);
    }
  }

  private join(follower: Follower): void {
    this.followers.add(follower);
    if (this.followers.size > 1) return;
    const look = () => this.worthALook();
    const timer = setInterval(look, POLL_INTERVAL_MS);
    // A submission rings a lane for whichever process; with backend none there is no lane, and no other process.
    const unsubscribe = this.hints.subscribe(({ kind }) => kind === 'lane' && look());
    const unhook = this.hooks.on('queued', look, (execution) => this.isFollowed(execution));
    this.stopListening = () => {
      clearInterval(timer);
      unsubscribe();
      unhook();
    };
  }

  private isFollowed(execution: { owner: string; conversationId: string }): boolean {
    const name = nameOf(execution);
    return [...this.followers].some((follower) => nameOf(follower) === name);
  }

  private leave(follower: Follower): void {
    this.followers.delete(follower);
    if (this.followers.size === 0) this.stopListening();
  }

  private worthALook(): void {
    if (this.looking) return void (this.again = true);
    this.soon ??= setTimeout(() => {
      this.soon = undefined;
      this.outside(() => void this.look());
    }, GAP_MS);
  }

  private async look(): Promise<void> {
    // Who has not taken what was found is not looked for: nothing piles up for a slow reader.
    const asked = [...this.followers].filter(({ found }) => found.length === 0);
    if (asked.length === 0) return;
    this.looking = true;
    this.again = false;
    try {
      const turns = Map.groupBy(await this.conversations.turnsAfter(asked), nameOf);
      for (const follower of asked) {
        const found = (turns.get(nameOf(follower)) ?? []).filter(({ turn }) => turn > follower.turn);
        follower.found.push(...found);
        follower.turn = found.at(-1)?.turn ?? follower.turn;
        if (found.length > 0) follower.wake();
      }
    } catch (error) {
      this.logger.warn(`followed conversations could not be looked at: ${String(error)}`);
    } finally {
      this.looking = false;
      if (this.again) this.worthALook();
    }
  }
}

const nameOf = ({ owner, conversationId }: { owner: string; conversationId: string }) =>
  JSON.stringify([owner, conversationId]);
