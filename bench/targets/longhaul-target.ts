import 'reflect-metadata';
import { type INestApplicationContext, Logger } from '@nestjs/common';
import { loadGatewayConfig } from '@longhaul/config';
import { CoreModule } from '@longhaul/gateway';
import { faults, type Protection } from '@longhaul/kernel';
import { makeLogger } from '@longhaul/telemetry';
import { createApi } from '../../apps/api/src/create-api';
import { createWorker, queueTransport } from '../../apps/worker/src/create-worker';
import { WorkerModule } from '../../apps/worker/src/worker.module';
import { SERVED, WORKLOAD } from '../workload';
import { reportReady } from './child';
import { BENCH_AGENTS } from './longhaul-agents';

/**
 * Longhaul as `longhaul serve` puts it together, with the agents of the benchmark: `<all|api|worker> <workspace>`, and
 * the protections that it goes without.
 */
const [role = '', workspace = '', ...off] = process.argv.slice(2);
const VERSION = 'bench';

async function main(): Promise<void> {
  faults.arm({ off: off as Protection[] });
  const loaded = loadGatewayConfig({ workspace, env: {} });
  const { config } = loaded;
  Logger.overrideLogger(makeLogger(loaded));
  const gateway = CoreModule.forRoot({ loaded, workspace, agents: BENCH_AGENTS });
  const queues = new Map<string, number>(SERVED.map((agent) => [WORKLOAD[agent].queue, WORKLOAD[agent].slots]));
  if (role === 'worker') {
    const worker = await createWorker(gateway, { config, version: VERSION, queues });
    endUponSignal(worker);
    await worker.listen();
    return reportReady();
  }
  const modules = role === 'all' ? [WorkerModule.forRoot({ config, version: VERSION, healthPort: 0, queues })] : [];
  const api = await createApi({ gateway, config, modules });
  endUponSignal(api);
  if (role === 'all') api.connectMicroservice(queueTransport);
  await api.init();
  await api.startAllMicroservices();
  await api.listen(0, '127.0.0.1');
  reportReady(await api.getUrl());
}

function endUponSignal(app: INestApplicationContext): void {
  process.once('SIGTERM', () => void app.close().finally(() => process.exit()));
}

void main();
