import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { knownChannels, readTargets } from '@longhaul/config';
import { DeliveryOrders } from '../delivery-orders';
import { EndpointCircuit, type OpenCircuit } from '../webhooks/endpoint-circuit';
import { notificationOrders } from './notification-orders';
import { NOTIFIERS_OPTIONS, type NotifiersOptions } from './notifiers-options';

const EVENT = 'endpoint.circuit_opened';

/** Tells those of `notifications.defaults.on_circuit_open` of a webhook endpoint that is left alone; once each time. */
@Injectable()
export class CircuitNotices implements OnModuleInit {
  constructor(
    private readonly circuit: EndpointCircuit,
    private readonly orders: DeliveryOrders,
    @Inject(NOTIFIERS_OPTIONS) private readonly options: NotifiersOptions,
  ) {}

  onModuleInit(): void {
    this.circuit.whenOpened((opened) => this.tell(opened));
  }

  private async tell({ id, owner, host, failures, openMs, until }: OpenCircuit): Promise<void> {
    const { notifications } = this.options;
    const targets = readTargets(notifications.defaults.onCircuitOpen);
    const message = {
      subject: `Webhooks to ${host} failed ${failures} times in a row`,
      paragraphs: [
        `Endpoint ${id} of ${owner}. Nothing is sent to it for ${openMs / 1_000} s; then one delivery tries whether it is back.`,
      ],
      severity: 'error' as const,
    };
    const orders = notificationOrders(targets, knownChannels(notifications), EVENT, { message });
    await this.orders.place(orders.map((order) => ({ ...order, owner, subject: `${id}:${until}` })));
  }
}
