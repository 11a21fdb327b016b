import type { DeliveryOptions, DeliveryRules } from '@longhaul/delivery';
import { Execution, ExecutionEvent, ExecutionNews, ExecutionsReader, Run, Step } from '@longhaul/executions';
import { NO_METRICS } from '@longhaul/telemetry';
import { TransitionParticipants } from '@longhaul/executions';
import { submitCommand } from '@longhaul/executions/testing';
import { LonghaulError } from '@longhaul/kernel';
import type { SubmitCommand } from '@longhaul/executions';
import { DeliveryChannels } from '../../../libs/delivery/src/delivery-channels';
import { DeliveryNews } from '../../../libs/delivery/src/delivery-news';
import { DeliveryPlanner } from '../../../libs/delivery/src/delivery-planner';
import { DeliverySender } from '../../../libs/delivery/src/sender/delivery-sender';
import { TryDelivery } from '../../../libs/delivery/src/sender/try-delivery';
import { EndpointWatch } from '../../../libs/delivery/src/webhooks/endpoint-watch';
import { claimAll } from '../../../libs/executions/src/statements/claim';
import { endRuns, type RunEnding } from '../../../libs/executions/src/statements/end-run';
import { submitAll } from '../../../libs/executions/src/statements/submit';
import { MemoryHintBus } from '../../../libs/queue/src/providers/memory/memory-hint-bus';
import type { TestDatabase } from '../../support/databases';
import { registeredWorker } from '../executions/fixtures';

export const OPTIONS: DeliveryOptions = {
  tryTimeoutMs: 5_000,
  scheduleMs: [0, 0],
  concurrency: 8,
  perLane: 4,
  manyOwners: true,
  allowPrivateCidrs: ['127.0.0.1/32'],
  allowHttp: false,
  secret: 'the-secret-of-the-test-gateway',
  secrets: ['the-secret-of-the-test-gateway'],
  circuit: { failures: 3, openMs: 60_000 },
  publicUrl: 'https://gateway.example.com',
};

/** One process's part of deliveries on a database, without the rest of a gateway. */
export class DeliveryProcess {
  readonly hints = new MemoryHintBus();
  readonly news = new DeliveryNews(this.hints);
  readonly executionNews = new ExecutionNews(this.hints);
  readonly participants = new TransitionParticipants();
  readonly channels = new DeliveryChannels();
  readonly endpoints: EndpointWatch;
  readonly reader: ExecutionsReader;
  readonly planner: DeliveryPlanner;
  readonly sender: DeliverySender;

  constructor(
    private readonly on: TestDatabase,
    options: Partial<DeliveryOptions> = {},
  ) {
    const { database, dataSource } = on;
    const all = { ...OPTIONS, ...options };
    const [executions, events] = [dataSource.getRepository(Execution), dataSource.getRepository(ExecutionEvent)];
    this.reader = new ExecutionsReader(
      database,
      executions,
      events,
      dataSource.getRepository(Run),
      dataSource.getRepository(Step),
    );
    this.endpoints = new EndpointWatch(database, this.hints);
    this.planner = new DeliveryPlanner(this.participants, this.endpoints, this.news, this.executionNews, all);
    this.sender = new DeliverySender(
      database,
      new TryDelivery(this.channels, this.reader, all),
      this.news,
      NO_METRICS,
      all,
    );
    this.endpoints.onModuleInit();
    this.planner.onModuleInit();
  }

  withRules(ordersFor: DeliveryRules['ordersFor']): this {
    this.planner.register({ ordersFor });
    return this;
  }

  async stop(): Promise<void> {
    this.endpoints.onModuleDestroy();
    this.planner.onModuleDestroy();
    await this.sender.stop();
  }

  async submit(more: Partial<SubmitCommand> = {}): Promise<string> {
    const [outcome] = await submitAll(this.on.database, [submitCommand(more)], 1_000, this.participants);
    if (!outcome || outcome instanceof LonghaulError) throw outcome ?? new Error('nothing was submitted');
    return outcome.execution.id;
  }

  /** Submitted, run and ended, and everybody is told. */
  async ended(
    ending: RunEnding = { kind: 'completed', output: { text: 'fine' }, usage: null },
    more: Partial<SubmitCommand> = {},
  ): Promise<string> {
    const { database } = this.on;
    const executionId = await this.submit(more);
    const workerId = await registeredWorker(database);
    const [claim] = await claimAll(database, [{ executionId, workerId, solo: true }], this.participants);
    if (claim?.kind !== 'claimed') throw new Error('not claimed');
    const { runId, epoch } = claim.execution;
    await endRuns(database, [{ fence: { executionId, runId, epoch, workerId }, ending }], this.participants);
    this.executionNews.tell(executionId);
    return executionId;
  }
}
