import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AgentRegistry } from '@longhaul/agents';
import { type DeliveryOrder, DeliveryPlanner, DeliveryRules, ResultEventChannel } from '@longhaul/delivery';
import { type TransitionChange, TRANSITIONS } from '@longhaul/executions';
import { resultEventName } from './result-event-name';

/** `delivery: at-least-once`: the event is ordered in the transaction that ends the execution. */
@Injectable()
export class ResultEventRules extends DeliveryRules implements OnModuleInit {
  constructor(
    private readonly planner: DeliveryPlanner,
    private readonly agents: AgentRegistry,
    private readonly channel: ResultEventChannel,
  ) {
    super();
  }

  onModuleInit(): void {
    this.planner.register(this);
  }

  ordersFor({ transition, execution }: TransitionChange): readonly DeliveryOrder[] {
    const target = resultEventName(this.agents, execution, 'at-least-once');
    if (target === undefined) return [];
    return [{ event: TRANSITIONS[transition].event, channel: this.channel.name, target }];
  }
}
