import { Module } from '@nestjs/common';
import { OrdersController } from './orders.controller.js';
import { OrdersService } from './orders.service.js';
import { RefundAgent } from './refund.agent.js';

@Module({ controllers: [OrdersController], providers: [OrdersService, RefundAgent] })
export class OrdersModule {}
