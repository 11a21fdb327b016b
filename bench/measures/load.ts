import autocannon from 'autocannon';
import type { AgentName } from '../workload';
import { percentile } from '../report/statistics';
import { type Target, urlOf } from '../targets/target';

const CONNECTIONS = 32;
export const BODY = JSON.stringify({ message: 'hello' });

export interface Load {
  perSecond: number;
  p50: number;
  p99: number;
}

/** `amount` submissions over 32 connections; resolves with the last answer. Rejects when one was not accepted. */
export async function submitMany(target: Target, agent: AgentName, amount: number, body = BODY): Promise<Load> {
  const times: number[] = [];
  const startedAt = performance.now();
  await new Promise<void>((resolve, reject) => {
    const load = autocannon({
      url: `${urlOf(target)}/v1/agents/${agent}/chat`,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      connections: CONNECTIONS,
      amount,
      sampleInt: 20,
    });
    // Its own result comes a sample later than the last answer, and knows whole milliseconds only.
    load.on('response', (_client, status, _bytes, ms) => {
      if (status !== 202) reject(new Error(`${target.name} answered ${status} to a submission`));
      if (times.push(ms) === amount) resolve();
    });
    load.on('reqError', reject);
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  return { perSecond: amount / seconds, p50: percentile(times, 50), p99: percentile(times, 99) };
}
