import { APPROVAL_SCHEMAS } from './schemas/approvals';
import { DEAD_LETTER_SCHEMAS } from './schemas/dead-letters';
import { DELIVERY_SCHEMAS } from './schemas/deliveries';
import { EXECUTION_SCHEMAS } from './schemas/executions';
import { GATEWAY_SCHEMAS } from './schemas/gateway';

/** The components of the OpenAPI document that answers are made of. */
export const SCHEMAS = {
  ...EXECUTION_SCHEMAS,
  ...APPROVAL_SCHEMAS,
  ...DEAD_LETTER_SCHEMAS,
  ...DELIVERY_SCHEMAS,
  ...GATEWAY_SCHEMAS,
};

export type SchemaName = keyof typeof SCHEMAS;
