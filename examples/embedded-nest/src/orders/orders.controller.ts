import { Controller, Param, Post } from '@nestjs/common';
import { GatewayService } from 'longhaul';

/** A route of the application that has an agent run and waits for it. */
@Controller('orders')
export class OrdersController {
  constructor(private readonly gateway: GatewayService) {}

  @Post(':id/refund')
  async refund(@Param('id') id: string) {
    const { status, output, error } = await this.gateway.invoke('refund', { order: id });
    return { status, output, error };
  }
}
