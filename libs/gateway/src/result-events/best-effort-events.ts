import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { AgentRegistry } from '@longhaul/agents';
import {
  DELIVERY_OPTIONS,
  type DeliveryOptions,
  redactRecord,
  ResultEventPublisher,
  toResultEvent,
} from '@longhaul/delivery';
import { ExecutionHooks, type ExecutionRecord, TERMINAL_STATUSES } from '@longhaul/executions';
import { newId } from '@longhaul/kernel';
import { resultEventName } from './result-event-name';

/** Beyond so many that the broker has not taken yet, an event is dropped: nothing grows while a broker is slow. */
const MAX_IN_FLIGHT = 1_000;

/** `delivery: best-effort`: tells of an end once, after its commit, from the process where it happened. */
@Injectable()
export class BestEffortEvents implements OnModuleInit {
  private readonly logger = new Logger('ResultEvents');
  private inFlight = 0;

  constructor(
    private readonly hooks: ExecutionHooks,
    private readonly agents: AgentRegistry,
    private readonly publisher: ResultEventPublisher,
    @Inject(DELIVERY_OPTIONS) private readonly options: DeliveryOptions,
  ) {}

  onModuleInit(): void {
    for (const status of TERMINAL_STATUSES) {
      this.hooks.on(
        status,
        (execution) => this.tell(execution),
        (execution) => resultEventName(this.agents, execution, 'best-effort') !== undefined,
      );
    }
  }

  private async tell(execution: ExecutionRecord): Promise<void> {
    // By now the agent may have been read anew.
    const name = resultEventName(this.agents, { ...execution, kind: 'agent', target: execution.agent }, 'best-effort');
    if (name === undefined) return;
    if (this.inFlight >= MAX_IN_FLIGHT) {
      this.logger.warn(`${name} of ${execution.id} is dropped: ${MAX_IN_FLIGHT} events wait for the broker`);
      return;
    }
    this.inFlight += 1;
    try {
      await this.publisher.publish(name, toResultEvent(newId('dlv'), redactRecord(execution, this.options.secrets)));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.logger.warn(`${name} of ${execution.id} is lost: ${reason}`);
    } finally {
      this.inFlight -= 1;
    }
  }
}
