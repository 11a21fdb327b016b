import { setTimeout as pause } from 'node:timers/promises';
import type { DeliveryDetail, LonghaulClient } from '@longhaul/client';

const LOOK_MS = 200;

/** The delivery once a try of it has ended, or as it is when the time is up. */
export async function firstTry(
  deliveries: LonghaulClient['deliveries'],
  id: string,
  patienceS: number,
): Promise<DeliveryDetail> {
  const until = performance.now() + patienceS * 1_000;
  for (;;) {
    const delivery = await deliveries.get(id);
    if (delivery.tries.length > 0 || delivery.status !== 'pending') return delivery;
    const leftMs = until - performance.now();
    if (leftMs <= 0) return delivery;
    await pause(Math.min(LOOK_MS, leftMs));
  }
}
