import { resolve } from 'node:path';
import { type DynamicModule, Logger } from '@nestjs/common';
import { formatIssue, type GatewayConfig, loadGatewayConfig, processEnvironment } from '@longhaul/config';
import { assertRoleFits, CoreModule, type ProcessRole, VERSION } from '@longhaul/gateway';
import { WorkerModule } from '../../../apps/worker/src/worker.module';
import type { GatewayOptions } from './gateway-options';
import { GatewayServiceModule } from './gateway-service.module';

export interface Composed {
  config: GatewayConfig;
  /** To be blotted out of what is logged. */
  secrets: readonly string[];
  role: ProcessRole;
  /** One of each, to be imported together into one application. */
  modules: [core: DynamicModule, ...DynamicModule[]];
}

/** The parts of a gateway without an HTTP face, from options. Logs warnings. Throws `ConfigurationError`. */
export function compose(options: GatewayOptions): Composed {
  const { workspace: folder = '.', env = processEnvironment(), role = 'both', ...rest } = options;
  const { extensions, agents, customQueue, ...code } = rest;
  const workspace = resolve(folder);
  const loaded = loadGatewayConfig({ workspace, env, code });
  const logger = new Logger('Gateway');
  for (const warning of loaded.warnings) logger.warn(formatIssue(warning));
  const { config } = loaded;
  assertRoleFits(role, config);
  const core = CoreModule.forRoot({
    loaded,
    workspace,
    ...(extensions === undefined ? {} : { extensions }),
    ...(agents === undefined ? {} : { agents }),
    ...(customQueue === undefined ? {} : { customQueue }),
  });
  const worker =
    role === 'api' ? [] : [WorkerModule.forRoot({ config, version: VERSION, healthPort: 0, embedded: true })];
  return { config, secrets: loaded.secrets, role, modules: [core, { module: GatewayServiceModule }, ...worker] };
}
