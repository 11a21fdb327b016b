import 'reflect-metadata';
import type { INestApplicationContext } from '@nestjs/common';
import { loadGatewayConfig } from '@longhaul/config';
import { CoreModule } from '@longhaul/gateway';
import { createApi } from '../../apps/api/src/create-api';
import { createWorker, queueTransport } from '../../apps/worker/src/create-worker';
import { WorkerModule } from '../../apps/worker/src/worker.module';
import { SERVED, WORKLOAD } from '../workload';
import { reportReady } from './child';
import { NoopAgent, ParkedAgent, SleeperAgent } from './longhaul-agents';

/** Longhaul as `longhaul serve` puts it together, with the agents of the benchmark: `<all|api|worker> <workspace>`. */
const [role = '', workspace = ''] = process.argv.slice(2);
const VERSION = 'bench';

async function main(): Promise<void> {
  const loaded = loadGatewayConfig({ workspace, env: {} });
  const { config } = loaded;
  const gateway = CoreModule.forRoot({ loaded, workspace, agents: [NoopAgent, SleeperAgent, ParkedAgent] });
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
