import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Dialect, Row, Write } from '@longhaul/database';
import {
  ExecutionNews,
  isTerminal,
  type TransitionChange,
  TransitionParticipant,
  TransitionParticipants,
  TRANSITIONS,
} from '@longhaul/executions';
import { newId } from '@longhaul/kernel';
import { DeliveryNews } from './delivery-news';
import { DELIVERY_OPTIONS, type DeliveryOptions } from './delivery-options';
import type { DeliveryOrder, DeliveryRules } from './delivery-rules';
import { patienceMs } from './delivery-schedule';
import { type EndpointEvent, insertEndpointOrders } from './statements/endpoint-orders';
import { insertOrders, orderProblem, type OrderRow } from './statements/order-rows';
import { EndpointWatch } from './webhooks/endpoint-watch';

/** Of orders whose commit nobody has told of, which may have been rolled back. */
const MAX_UNTOLD = 10_000;

/**
 * Writes what must leave into the transaction of the transition that it tells of: it is ordered exactly when that has
 * happened. Where no rule wants anything and nobody has registered it adds no statement.
 */
@Injectable()
export class DeliveryPlanner extends TransitionParticipant implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('Deliveries');
  private readonly rules: DeliveryRules[] = [];
  /** Executions with orders, of which the news comes after the commit. */
  private readonly untold = new Set<string>();
  private unlisten: () => void = () => undefined;

  constructor(
    private readonly participants: TransitionParticipants,
    private readonly endpoints: EndpointWatch,
    private readonly news: DeliveryNews,
    private readonly executionNews: ExecutionNews,
    @Inject(DELIVERY_OPTIONS) private readonly options: DeliveryOptions,
  ) {
    super();
  }

  /** When the process starts (`onModuleInit`). */
  register(rules: DeliveryRules): void {
    this.rules.push(rules);
  }

  onModuleInit(): void {
    this.participants.register(this);
    this.unlisten = this.executionNews.listen((executionId) => {
      if (this.untold.size > 0 && this.untold.delete(executionId)) this.news.tell();
    });
  }

  onModuleDestroy(): void {
    this.unlisten();
  }

  *write(dialect: Dialect, changes: readonly TransitionChange[]): Write<void> {
    const orders = this.ordersFor(changes);
    const patience = patienceMs(this.options.scheduleMs);
    if (orders.length > 0) this.remember(yield insertOrders(dialect, orders, patience));
    const ended = this.endpoints.mayExist ? changes.flatMap(endOf) : [];
    if (ended.length > 0) this.remember(yield insertEndpointOrders(dialect, ended, patience));
  }

  private ordersFor(changes: readonly TransitionChange[]): OrderRow[] {
    return changes
      .flatMap((change) => this.rules.flatMap((rules) => this.ask(rules, change).map((order) => toRow(order, change))))
      .filter((row) => this.isSound(row));
  }

  private ask(rules: DeliveryRules, change: TransitionChange): readonly DeliveryOrder[] {
    try {
      return rules.ordersFor(change);
    } catch (error) {
      const { id } = change.execution;
      this.logger.error(
        `${rules.constructor.name} cannot say who is told of ${change.transition} of ${id}: ${String(error)}`,
      );
      return [];
    }
  }

  private isSound(row: OrderRow): boolean {
    const problem = orderProblem(row);
    if (problem !== null) this.logger.error(`a delivery of ${row.subject} is not ordered: ${problem}`);
    return problem === null;
  }

  private remember(rows: Row[]): void {
    if (this.untold.size > MAX_UNTOLD) this.untold.clear();
    for (const row of rows) this.untold.add(row.execution_id as string);
  }
}

function toRow(order: DeliveryOrder, { execution }: TransitionChange): OrderRow {
  const { event, channel, target, options = null, lane = channel, subject = execution.id, source = 'operator' } = order;
  const { owner, id: executionId, target: agent } = execution;
  return { owner, executionId, agent, subject, event, channel, target, lane, source, options };
}

/** Endpoints are told of ends. */
function endOf({ transition, execution }: TransitionChange): EndpointEvent[] {
  if (!isTerminal(TRANSITIONS[transition].to)) return [];
  const { id: executionId, owner, target: agent } = execution;
  return [{ seedId: newId('dlv'), executionId, owner, agent, event: TRANSITIONS[transition].event }];
}
