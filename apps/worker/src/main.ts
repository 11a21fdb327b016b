import { ConfigurationError } from '@longhaul/kernel';
import 'reflect-metadata';
import { resolve } from 'node:path';
import { Logger } from '@nestjs/common';
import { formatIssue, loadGatewayConfig } from '@longhaul/config';
import { CoreModule, VERSION } from '@longhaul/gateway';
import { makeLogger } from '@longhaul/telemetry';
import { createWorker } from './create-worker';

const logger = new Logger('Worker');

/** A worker alone. Exits 2 for a wrong configuration, 1 when a dependency stays away. */
async function main(): Promise<void> {
  const workspace = resolve(process.env.LONGHAUL_WORKSPACE ?? './workspace');
  const loaded = loadGatewayConfig({ workspace, env: process.env });
  Logger.overrideLogger(makeLogger(loaded));
  for (const warning of loaded.warnings) logger.warn(formatIssue(warning));
  const gateway = CoreModule.forRoot({ loaded, workspace });
  const leave = () => void worker.close().then(() => process.exit(0));
  const worker = await createWorker(gateway, { config: loaded.config, version: VERSION, leave });
  worker.enableShutdownHooks();
  await worker.listen();
  logger.log(`serves ${workspace} with the ${loaded.config.queue.backend} queue`);
}

main().catch((error: unknown) => {
  logger.error(error instanceof Error ? error.message : String(error));
  process.exit(error instanceof ConfigurationError ? 2 : 1);
});
