import './check-node-version';
import 'reflect-metadata';
import { resolve } from 'node:path';
import { Logger } from '@nestjs/common';
import { loadGatewayConfig } from '@longhaul/config';
import { GatewayModule } from '@longhaul/gateway';
import { ConfigurationError } from '@longhaul/kernel';
import { createApi } from './create-api';

const logger = new Logger('API');

/** The API alone, for its container. Exits 2 for a wrong configuration, 1 when a dependency stays away. */
async function main(): Promise<void> {
  const workspace = resolve(process.env.LONGHAUL_WORKSPACE ?? './workspace');
  const loaded = loadGatewayConfig({ workspace, env: process.env });
  const { config } = loaded;
  if (config.queue.backend === 'none' || config.queue.backend === 'memory') {
    throw new ConfigurationError(
      `queue.backend ${config.queue.backend} lives inside the API's process and this process has no worker: ` +
        'set queue.backend to redis or rabbitmq, or start `longhaul serve`',
    );
  }
  for (const { path, message } of loaded.warnings) logger.warn(`${path}: ${message}`);
  const app = await createApi({ gateway: GatewayModule.forRoot({ loaded, workspace }), config });
  app.enableShutdownHooks();
  await app.listen(config.server.port, config.server.host);
  logger.log(`listening on ${await app.getUrl()}`);
}

main().catch((error: unknown) => {
  logger.error(error instanceof Error ? error.message : String(error));
  process.exit(error instanceof ConfigurationError ? 2 : 1);
});
