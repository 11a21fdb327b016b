import { ConfigurationError } from '@longhaul/kernel';
import 'reflect-metadata';
import { resolve } from 'node:path';
import { Logger } from '@nestjs/common';
import { formatIssue, loadGatewayConfig } from '@longhaul/config';
import { assertRoleFits, CoreModule } from '@longhaul/gateway';
import { makeLogger } from '@longhaul/telemetry';
import { createApi } from './create-api';

const logger = new Logger('API');

/** The API alone. Exits 2 for a wrong configuration, 1 when a dependency stays away. */
async function main(): Promise<void> {
  const workspace = resolve(process.env.LONGHAUL_WORKSPACE ?? './workspace');
  const loaded = loadGatewayConfig({ workspace, env: process.env });
  const { config } = loaded;
  Logger.overrideLogger(makeLogger(loaded));
  assertRoleFits('api', config);
  for (const warning of loaded.warnings) logger.warn(formatIssue(warning));
  const app = await createApi({ gateway: CoreModule.forRoot({ loaded, workspace }), config });
  app.enableShutdownHooks();
  await app.listen(config.server.port, config.server.host);
  logger.log(`listening on ${await app.getUrl()}`);
}

main().catch((error: unknown) => {
  logger.error(error instanceof Error ? error.message : String(error));
  process.exit(error instanceof ConfigurationError ? 2 : 1);
});
