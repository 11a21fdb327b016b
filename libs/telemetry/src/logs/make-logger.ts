import type { LoggerService } from '@nestjs/common';
import type { LoadedGatewayConfig } from '@longhaul/config';
import type { LogLevelName } from './log-options';

/** The logger of a process that is a gateway and nothing else, or of a gateway that somebody's program makes. */
export function makeLogger(
  { config, secrets }: Pick<LoadedGatewayConfig, 'config' | 'secrets'>,
  level: LogLevelName = config.log.level,
): LoggerService {
  const format = config.log.format ?? (process.stdout.isTTY ? 'pretty' : 'json');
  const options = { level, secrets };
  if (format === 'pretty') {
    const { PrettyLogger } = require('./pretty-logger') as typeof import('./pretty-logger');
    return new PrettyLogger(options);
  }
  // Who reads lines for people needs no pino.
  const { JsonLogger } = require('./json-logger') as typeof import('./json-logger');
  return new JsonLogger(options);
}
