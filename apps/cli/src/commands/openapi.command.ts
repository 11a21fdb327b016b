import type { Command } from 'commander';
import { asClient } from '../exit';
import { clientCommand } from './client-flags';
import type { OpenApiFlags } from './openapi';

export function openapiCommand(): Command {
  return clientCommand('openapi', 'Print the OpenAPI document of a running gateway, or of a workspace.')
    .option('-w, --workspace <folder>', 'of this workspace, without a gateway')
    .action((flags: OpenApiFlags) =>
      asClient(() => {
        const { openapi } = require('./openapi') as typeof import('./openapi');
        return openapi(flags);
      }),
    );
}
