import { type ClientFlags, connect } from '../client/connect';
import { EXIT, type ExitCode } from '../exit-codes';
import { printJson } from '../terminal/print';
import { UsageError } from '../usage-error';

export interface OpenApiFlags extends ClientFlags {
  workspace?: string;
}

/** The document of a workspace, made without a gateway, or that of a running one. */
export async function openapi(flags: OpenApiFlags): Promise<ExitCode> {
  if (flags.workspace === undefined) printJson(await connect(flags).openapi());
  else {
    if (flags.url !== undefined)
      throw new UsageError('--workspace and --url exclude each other: leave one of them out');
    const { writeWorkspaceDocument } = require('./openapi-of-workspace') as typeof import('./openapi-of-workspace');
    await writeWorkspaceDocument(flags.workspace);
  }
  return EXIT.ok;
}
