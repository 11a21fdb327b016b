import { type DynamicModule, Global, Module } from '@nestjs/common';
import { DeliveryChannels } from './delivery-channels';
import { DeliveryNews } from './delivery-news';
import { DELIVERY_OPTIONS, type DeliveryOptions } from './delivery-options';
import { DeliveryOrders } from './delivery-orders';
import { DeliveryPlanner } from './delivery-planner';
import { DeliverySender } from './sender/delivery-sender';
import { TryDelivery } from './sender/try-delivery';
import { EndpointWatch } from './webhooks/endpoint-watch';

/**
 * What leaves when something happened. In a process without a worker its sender is there and never started. Stands on
 * the global `ExecutionsModule`.
 */
@Global()
@Module({})
export class DeliveryModule {
  static forRoot(options: DeliveryOptions): DynamicModule {
    return {
      module: DeliveryModule,
      providers: [
        { provide: DELIVERY_OPTIONS, useValue: options },
        DeliveryChannels,
        DeliveryNews,
        DeliveryOrders,
        DeliveryPlanner,
        DeliverySender,
        EndpointWatch,
        TryDelivery,
      ],
      exports: [DeliveryChannels, DeliveryOrders, DeliveryPlanner, DeliverySender],
    };
  }
}
