import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Execution, isTerminal, type TransitionChange, TRANSITIONS } from '@longhaul/executions';
import { DeliveryPlanner } from '../delivery-planner';
import { type DeliveryOrder, DeliveryRules } from '../delivery-rules';
import { WEBHOOK_CHANNEL } from '../statements/endpoint-orders';
import { hostOf } from './webhook-url';

/** Calls the `callback_url` of a submission when its execution has ended. */
@Injectable()
export class CallbackRules extends DeliveryRules implements OnModuleInit {
  constructor(private readonly planner: DeliveryPlanner) {
    super();
  }

  onModuleInit(): void {
    this.planner.register(this);
  }

  ordersFor({ transition, execution }: TransitionChange): DeliveryOrder[] {
    const { to, event } = TRANSITIONS[transition];
    const target = execution.notify?.callback_url;
    if (target === undefined || !isTerminal(to)) return [];
    return [{ event, channel: WEBHOOK_CHANNEL, target, lane: hostOf(target), source: 'client', ...bodyOf(execution) }];
  }
}

function bodyOf({ notify }: Execution): Pick<DeliveryOrder, 'options'> {
  return notify?.callback_body === undefined ? {} : { options: { body: notify.callback_body } };
}
