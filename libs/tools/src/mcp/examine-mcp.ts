import type { LoggerService } from '@nestjs/common';
import type { Finding } from '@longhaul/kernel';
import { textOf } from './call-failure';
import type { McpOptions } from './mcp-options';
import { McpServer } from './mcp-server';

/** How long a server may take to start and tell of its tools, for somebody who waits for it. */
const PATIENCE_MS = 10_000;

const SILENT: LoggerService = { log: () => undefined, warn: () => undefined, error: () => undefined };

/** Whether the servers answer, and with which tools; each is connected once and left again. */
export function examineMcpServers({ servers, version }: McpOptions): Promise<Finding[]> {
  return Promise.all(
    servers.map(async (options): Promise<Finding[]> => {
      const subject = `mcp_servers.${options.name}`;
      let complaints: readonly string[] = [];
      const server = new McpServer(options, version, SILENT, (news) => (complaints = news.complaints));
      try {
        await server.ready(AbortSignal.timeout(PATIENCE_MS));
        const warnings = complaints.map((message): Finding => ({ subject, level: 'warning', message }));
        return [{ subject, level: 'ok', message: `answers with ${server.tools.length} tools` }, ...warnings];
      } catch (error) {
        const mend = 'a gateway starts without it, and agents that name it wait for it';
        return [{ subject, level: 'warning', message: textOf(error), mend }];
      } finally {
        await server.stop();
      }
    }),
  ).then((findings) => findings.flat());
}
