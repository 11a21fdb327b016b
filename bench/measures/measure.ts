import { setTimeout as pause } from 'node:timers/promises';
import type { JsonObject } from '@longhaul/kernel';
import type { BenchOptions } from '../options';
import { percentile } from '../report/statistics';
import { cpuMs, type Target, urlOf } from '../targets/target';
import { machineMs } from '../ledger';
import type { AgentName } from '../workload';
import { send } from '../http-client';
import { BODY, submitMany } from './load';

/** What is read off one target in one round. Rates a second, times in milliseconds unless said otherwise. */
export interface Reading {
  accepted?: number;
  acceptP50?: number;
  acceptP99?: number;
  completed?: number;
  cpuUs?: number;
  startP50?: number;
  startP99?: number;
  visibleP50?: number;
  visibleP99?: number;
  sleepersS?: number;
}

const POLL_MS = 3;
const SETTLE_LIMIT_MS = 60_000;

/** All measures of one target, one after another. */
export async function measure(target: Target, { measures, amounts }: BenchOptions): Promise<Reading> {
  let reading: Reading = {};
  if (measures.includes('complete')) reading = { ...reading, ...(await complete(target, amounts.complete)) };
  if (measures.includes('wake')) reading = { ...reading, ...(await wake(target, amounts.wake)) };
  if (measures.includes('sleep')) reading = { ...reading, ...(await sleepers(target, amounts.sleep)) };
  if (measures.includes('accept')) reading = { ...reading, ...(await accept(target, amounts.accept)) };
  return reading;
}

/** A: accepted while nobody works, since no worker serves that queue. */
async function accept(target: Target, amount: number): Promise<Reading> {
  const { perSecond, p50, p99 } = await submitMany(target, 'parked', amount);
  return { accepted: perSecond, acceptP50: p50, acceptP99: p99 };
}

/** B: from the first submission to the last stored result. */
async function complete(target: Target, amount: number): Promise<Reading> {
  const cpuBefore = await cpuMs(target);
  const ms = await submitAndSettle(target, 'noop', amount);
  const cpu = (await cpuMs(target)) - cpuBefore;
  return { completed: amount / (ms / 1_000), cpuUs: (cpu * 1_000) / amount };
}

/** One at a time on an idle gateway: until the handler begins, and until a long-poll has the result. */
async function wake(target: Target, amount: number): Promise<Reading> {
  const starts: number[] = [];
  const visibles: number[] = [];
  for (let index = 0; index < amount; index += 1) {
    const sentAt = machineMs();
    const accepted = await send('POST', `${urlOf(target)}/v1/agents/noop/chat`, BODY);
    const id = accepted['execution_id'] as string;
    const record = await send('GET', `${urlOf(target)}/v1/executions/${id}?wait=25`);
    visibles.push(machineMs() - sentAt);
    starts.push(((record['output'] as JsonObject)['startedAt'] as number) - sentAt);
  }
  return {
    startP50: percentile(starts, 50),
    startP99: percentile(starts, 99),
    visibleP50: percentile(visibles, 50),
    visibleP99: percentile(visibles, 99),
  };
}

/** D: with 100 slots and 100 ms each, a thousand take a second at best. */
async function sleepers(target: Target, amount: number): Promise<Reading> {
  return { sleepersS: (await submitAndSettle(target, 'sleeper', amount)) / 1_000 };
}

/** Milliseconds from the first submission until everything is run and stored. */
export async function submitAndSettle(target: Target, agent: AgentName, amount: number): Promise<number> {
  const startedAt = performance.now();
  await submitMany(target, agent, amount);
  while (!(await target.isSettled())) {
    if (performance.now() - startedAt > SETTLE_LIMIT_MS) {
      throw new Error(`${target.name} did not finish ${amount} ${agent} executions in ${SETTLE_LIMIT_MS / 1_000} s`);
    }
    await pause(POLL_MS);
  }
  return performance.now() - startedAt;
}
