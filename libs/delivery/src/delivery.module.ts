import { type DynamicModule, Global, Module } from '@nestjs/common';
import { DeliveriesService } from './deliveries.service';
import { DeliveryChannels } from './delivery-channels';
import { DeliveryNews } from './delivery-news';
import { DELIVERY_OPTIONS, type DeliveryOptions } from './delivery-options';
import { DeliveryOrders } from './delivery-orders';
import { DeliveryPlanner } from './delivery-planner';
import { DeliveryRetention } from './delivery-retention';
import { DeliverySender } from './sender/delivery-sender';
import { TryDelivery } from './sender/try-delivery';
import { CallbackRules } from './webhooks/callback-rules';
import { CallbackSecrets } from './webhooks/callback-secrets';
import { EndpointCircuit } from './webhooks/endpoint-circuit';
import { EndpointWatch } from './webhooks/endpoint-watch';
import { EndpointsService } from './webhooks/endpoints.service';
import { WebhookCall } from './webhooks/webhook-call';
import { WebhookChannel } from './webhooks/webhook-channel';

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
        CallbackRules,
        CallbackSecrets,
        DeliveriesService,
        DeliveryChannels,
        DeliveryNews,
        DeliveryOrders,
        DeliveryPlanner,
        DeliveryRetention,
        DeliverySender,
        EndpointCircuit,
        EndpointWatch,
        EndpointsService,
        TryDelivery,
        WebhookCall,
        WebhookChannel,
      ],
      exports: [
        DELIVERY_OPTIONS,
        CallbackSecrets,
        EndpointCircuit,
        DeliveriesService,
        DeliveryChannels,
        DeliveryOrders,
        DeliveryPlanner,
        DeliverySender,
        EndpointsService,
      ],
    };
  }
}
