import { Agent, type AgentHandler, type ExecutionContext, PermanentError } from 'longhaul';
import { OrdersService } from './orders.service.js';

/** A code agent is a provider like any other: it injects what its module has. */
@Agent({
  id: 'refund',
  description: 'Decides whether an order may be refunded',
  executionMode: 'sync',
  inputSchema: { type: 'object', required: ['order'], properties: { order: { type: 'string' } } },
})
export class RefundAgent implements AgentHandler {
  constructor(private readonly orders: OrdersService) {}

  async run(context: ExecutionContext) {
    const { order: id } = context.input as { order: string };
    const order = this.orders.find(id);
    // A retry would not find it either.
    if (!order) throw new PermanentError(`there is no order ${id}`);
    context.progress(50, 'looking at the date');
    return { order: id, refund: order.shippedDaysAgo <= 30, total: order.total };
  }
}
