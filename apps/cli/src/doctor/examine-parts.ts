import { createServer } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { loadCatalogue } from '@longhaul/agents';
import { formatIssue, type GatewayConfig, type LoadedGatewayConfig } from '@longhaul/config';
import { examineDatabase } from '@longhaul/database';
import { agentDefaults, databaseOptions, queueOptions, toolSettings } from '@longhaul/gateway';
import { type Finding, PRIORITIES } from '@longhaul/kernel';
import { ExecutionQueue, laneOf, QueueModule } from '@longhaul/queue';
import { loadToolCatalogue } from '@longhaul/tools';
import { knownQueues } from '../../../worker/src/served-queues';

/** How long what does not answer is waited for. */
const PATIENCE_MS = 3_000;

/** The agents: what does not load, and what could not run. */
export function examineWorkspace(workspace: string, loaded: LoadedGatewayConfig): Finding[] {
  const { definitions: tools } = loadToolCatalogue(toolSettings(loaded, workspace));
  const { definitions, problems, warnings } = loadCatalogue(workspace, agentDefaults(loaded.config), tools);
  const unavailable = definitions.filter(
    ({ enabled, unavailableReason }) => enabled && unavailableReason !== undefined,
  );
  return [
    { subject: 'workspace', level: 'ok', message: `${workspace}: ${definitions.length} agents load` },
    ...problems.map((issue): Finding => ({ subject: 'workspace', level: 'problem', message: formatIssue(issue) })),
    ...warnings.map((issue): Finding => ({ subject: 'workspace', level: 'warning', message: formatIssue(issue) })),
    ...unavailable.map(({ id, unavailableReason = '' }): Finding => ({
      subject: `agents.${id}`,
      level: 'warning',
      message: `cannot run: ${unavailableReason}`,
    })),
  ];
}

export async function examinePersistence(config: GatewayConfig): Promise<Finding[]> {
  try {
    return await examineDatabase(databaseOptions(config));
  } catch (error) {
    return [unanswered('database', error, 'see persistence.url, and whether the server runs')];
  }
}

/** The queue of the configuration, opened as a gateway would. One of one's own is left to its author. */
export async function examineQueue(workspace: string, loaded: LoadedGatewayConfig): Promise<Finding[]> {
  const { config } = loaded;
  const { backend } = config.queue;
  if (backend === 'custom') {
    return [{ subject: 'queue', level: 'warning', message: 'a custom queue is not examined' }];
  }
  const options = { ...queueOptions(config), startupTimeoutMs: PATIENCE_MS };
  const { definitions: tools } = loadToolCatalogue(toolSettings(loaded, workspace));
  const agents = loadCatalogue(workspace, agentDefaults(config), tools).definitions;
  const named = [...agents, ...tools].flatMap(({ queue }) => queue ?? []);
  const lanes = knownQueues(config, named).flatMap((queue) => PRIORITIES.map((priority) => laneOf(queue, priority)));
  try {
    const app = await NestFactory.createApplicationContext(QueueModule.forRoot(options), {
      logger: false,
      abortOnError: false,
    });
    try {
      return await app.get(ExecutionQueue).examine(lanes);
    } finally {
      await app.close();
    }
  } catch (error) {
    return [unanswered('queue', error, `see queue.${backend}_url, and whether the server runs`)];
  }
}

/** Whether the gateway's port, and a worker's for health where it has one, are free or already theirs. */
export async function examinePorts({ server, worker }: GatewayConfig): Promise<Finding[]> {
  const api = await examinePort('server.port', server);
  if (worker.healthPort === 0) return [api];
  return [api, await examinePort('worker.health_port', { host: '0.0.0.0', port: worker.healthPort })];
}

async function examinePort(subject: string, { host, port }: { host: string; port: number }): Promise<Finding> {
  if (port === 0) return { subject, level: 'ok', message: 'any free port' };
  const refusal = await listenOnce(host, port);
  if (refusal === null) return { subject, level: 'ok', message: `${host}:${port} is free` };
  if (refusal === 'EADDRINUSE' && (await isGateway(host, port))) {
    return { subject, level: 'ok', message: `a gateway serves at ${host}:${port}` };
  }
  const message = `${host}:${port} cannot be listened on (${refusal})`;
  return { subject, level: 'problem', message, mend: `stop what listens there, or set ${subject}` };
}

/** The code of the error, or null. */
function listenOnce(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, host, () => server.close(() => resolve(null)));
  });
}

async function isGateway(host: string, port: number): Promise<boolean> {
  const name = host.includes(':') ? `[${host}]` : host.replace('0.0.0.0', '127.0.0.1');
  try {
    const answer = await fetch(`http://${name}:${port}/health/live`, { signal: AbortSignal.timeout(PATIENCE_MS) });
    return answer.ok;
  } catch {
    return false;
  }
}

function unanswered(subject: string, error: unknown, mend: string): Finding {
  const message = error instanceof Error ? error.message : String(error);
  return { subject, level: 'problem', message: message === '' ? 'does not answer' : message, mend };
}
