import { Injectable } from '@nestjs/common';

export interface Order {
  id: string;
  total: number;
  shippedDaysAgo: number;
}

/** A service that the application has anyway. */
@Injectable()
export class OrdersService {
  private readonly orders = new Map<string, Order>([
    ['A-1', { id: 'A-1', total: 40, shippedDaysAgo: 3 }],
    ['A-2', { id: 'A-2', total: 900, shippedDaysAgo: 60 }],
  ]);

  find(id: string): Order | undefined {
    return this.orders.get(id);
  }
}
