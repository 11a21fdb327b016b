import 'reflect-metadata';
import { resolve } from 'node:path';
import { Logger, type INestApplicationContext } from '@nestjs/common';
import { AgentsService } from '@longhaul/agents';
import { formatIssue, loadGatewayConfig } from '@longhaul/config';
import { assertRoleFits, CoreModule, VERSION } from '@longhaul/gateway';
import { ConfigurationError, type FaultPlan, faults } from '@longhaul/kernel';
import { makeLogger } from '@longhaul/telemetry';
import { createWorker, queueTransport } from '../../../worker/src/create-worker';
import { parseQueues } from '../../../worker/src/served-queues';
import { WorkerModule } from '../../../worker/src/worker.module';
import { banner } from './banner';
import { listen } from './listen';

export interface ServeFlags {
  workspace: string;
  apiOnly?: boolean;
  workerOnly?: boolean;
  queues?: string;
  watch?: boolean;
  host?: string;
  port?: string;
}

/** Resolves when it serves; the process ends upon SIGTERM or SIGINT, after the drain. Throws `ConfigurationError`. */
export async function serve(flags: ServeFlags, environment: NodeJS.ProcessEnv): Promise<void> {
  if (flags.apiOnly && flags.workerOnly) {
    throw new ConfigurationError('--api-only and --worker-only exclude each other: leave out both to serve both');
  }
  const workspace = resolve(flags.workspace);
  const loaded = loadGatewayConfig({ workspace, env: withFlags(environment, flags) });
  Logger.overrideLogger(makeLogger(loaded));
  const logger = new Logger('serve');
  armFaults(environment.LONGHAUL_TEST_FAULTS, logger);
  for (const warning of loaded.warnings) logger.warn(formatIssue(warning));
  const queues = flags.queues === undefined ? undefined : parseQueues(flags.queues);
  const gateway = CoreModule.forRoot({ loaded, workspace, watch: flags.watch ?? false });
  const { config } = loaded;
  const { attach, leave } = listenForSignals();
  const chosen = queues ? { queues } : {};
  if (flags.workerOnly) {
    const worker = await createWorker(gateway, { config, version: VERSION, leave, ...chosen });
    attach(worker);
    await worker.listen();
    logger.log(`worker ${VERSION} serves ${workspace} with the ${config.queue.backend} queue`);
    return;
  }
  assertRoleFits(flags.apiOnly ? 'api' : 'both', config);
  const modules = flags.apiOnly ? [] : [WorkerModule.forRoot({ config, version: VERSION, healthPort: 0, ...chosen })];
  // A worker alone does without: it is a third of what there is to load.
  const { createApi } = require('../../../api/src/create-api') as typeof import('../../../api/src/create-api');
  const api = await createApi({ gateway, config, modules });
  attach(api);
  if (!flags.apiOnly) api.connectMicroservice(queueTransport);
  await api.init();
  await api.startAllMicroservices();
  await listen(api, config.server);
  for (const line of banner(await api.getUrl(), config, api.get(AgentsService).catalogue())) console.log(line);
}

/** For the fault suite alone. Throws `ConfigurationError`: whoever has this variable by accident must find it. */
function armFaults(plan: string | undefined, logger: Logger): void {
  if (!plan) return;
  try {
    faults.arm(JSON.parse(plan) as FaultPlan);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError(
      `LONGHAUL_TEST_FAULTS: is for tests alone, and no plan of faults (${reason}); unset it`,
    );
  }
  logger.error(`LONGHAUL_TEST_FAULTS is set: this process fails on purpose and keeps no promise: ${plan}`);
}

/** A flag is the last word, and goes the way of the environment so that it is checked the same. */
function withFlags(environment: NodeJS.ProcessEnv, { host, port }: ServeFlags): NodeJS.ProcessEnv {
  return {
    ...environment,
    ...(host === undefined ? {} : { LONGHAUL_SERVER__HOST: host }),
    ...(port === undefined ? {} : { LONGHAUL_SERVER__PORT: port }),
  };
}

/**
 * The first signal drains; a second one, from somebody who cannot wait, ends at once. Listens from the start, because
 * a container's first process is not ended by a signal that it does not listen to. `attach` tells what is to be closed;
 * `leave` is the process's own wish to end, as if by a first signal.
 */
function listenForSignals(): { attach: (app: INestApplicationContext) => void; leave: () => void } {
  let app: INestApplicationContext | undefined;
  let ending = false;
  const end = (cause: string) => {
    if (ending) process.exit(1);
    if (!app) process.exit(0);
    ending = true;
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(`longhaul: the shutdown upon ${cause} failed: ${String(error)}`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  return { attach: (created) => (app = created), leave: () => (ending ? undefined : end('its own wish')) };
}
