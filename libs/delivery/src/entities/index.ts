import { DeliveryTry } from './delivery-try.entity';
import { DeliveryRow } from './delivery.entity';
import { GatewaySecret } from './gateway-secret.entity';
import { WebhookEndpoint } from './webhook-endpoint.entity';

/** What this lib keeps in the database. */
export const DELIVERY_ENTITIES = [DeliveryRow, DeliveryTry, WebhookEndpoint, GatewaySecret];
