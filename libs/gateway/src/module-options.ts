import type { AgentDefaults, HistoryWindow, HttpAgentsOptions, ResultEventsDefault } from '@longhaul/agents';
import { type GatewayConfig, knownChannels, type LoadedGatewayConfig, parseRate } from '@longhaul/config';
import type { DatabaseModuleOptions } from '@longhaul/database';
import {
  confirmsReceipt,
  type DeliveryOptions,
  type NotifiersOptions,
  type ResultEventsOptions,
} from '@longhaul/delivery';
import type { ExecutionsOptions } from '@longhaul/executions';
import { assertNever, ConfigurationError } from '@longhaul/kernel';
import { type ModelsModuleOptions, PROVIDER_TYPES, type ProviderOptions } from '@longhaul/models';
import type { CustomQueue, QueueModuleOptions } from '@longhaul/queue';
import type { TelemetryOptions } from '@longhaul/telemetry';
import type { ToolSettings } from '@longhaul/tools';

import { assertWebhookTargets, webhookTargetIssue } from './notifications/webhook-targets';
import { VERSION } from './version';

const ms = (seconds: number) => Math.round(seconds * 1_000);

export function databaseOptions(config: GatewayConfig): Omit<DatabaseModuleOptions, 'entities'> {
  const { backend, url, poolSize } = config.persistence;
  return { backend, url, poolSize, startupTimeoutMs: ms(config.server.startupTimeoutS) };
}

export function queueOptions(config: GatewayConfig, custom?: CustomQueue): QueueModuleOptions {
  const { queue } = config;
  const startupTimeoutMs = ms(config.server.startupTimeoutS);
  switch (queue.backend) {
    case 'none':
    case 'memory':
      return { backend: queue.backend, startupTimeoutMs };
    case 'redis':
      return {
        backend: 'redis',
        url: queue.redisUrl,
        keyPrefix: queue.streamKey,
        workerPool: queue.consumerGroup,
        allowEvicting: queue.allowEvictingRedis,
        startupTimeoutMs,
      };
    case 'rabbitmq':
      return { backend: 'rabbitmq', url: queue.rabbitmqUrl, queueName: queue.queueName, startupTimeoutMs };
    case 'custom':
      if (custom) return { backend: 'custom', ...custom, startupTimeoutMs };
      throw new ConfigurationError(
        'queue.backend is custom, but there is no queue: export a class with @QueueBackend() from one of extensions',
        [{ path: 'queue.backend', message: 'custom needs a class with @QueueBackend()' }],
      );
    default:
      return assertNever(queue.backend);
  }
}

export function executionsOptions(config: GatewayConfig): ExecutionsOptions {
  return {
    leaseTtlMs: ms(config.queue.visibilityTimeoutS),
    heartbeatMs: ms(Math.min(config.worker.heartbeatS, config.queue.visibilityTimeoutS / 3)),
    deathCertificates: config.worker.deathCertificates,
    sweepIntervalMs: ms(config.queue.sweepIntervalS),
    idempotencyTtlMs: config.retention.idempotencyHours * 3_600_000,
    executionsKeptMs: config.retention.executionsDays * 86_400_000,
    eventsKeptMs: config.retention.eventsDays * 86_400_000,
    maxDepth: config.queue.maxDepth,
  };
}

export function deliveryOptions({ config, secrets }: LoadedGatewayConfig): DeliveryOptions {
  const { timeoutS, retryScheduleS, concurrency, perHost, secret, allowHttp, circuit } = config.webhooks;
  return {
    tryTimeoutMs: ms(timeoutS),
    scheduleMs: retryScheduleS.map(ms),
    concurrency,
    perLane: perHost,
    manyOwners: config.auth.mode !== 'none' && new Set(config.auth.apiKeys.map(({ owner }) => owner)).size !== 1,
    allowPrivateCidrs: config.http.allowPrivateCidrs,
    allowHttp,
    ...(secret === undefined ? {} : { secret }),
    secrets,
    circuit: { failures: circuit.failures, openMs: ms(circuit.openS) },
    publicUrl: publicUrlOf(config),
  };
}

/** Throws `ConfigurationError` where the defaults name a webhook that may not be called. */
export function notifiersOptions({ config, secrets }: LoadedGatewayConfig): NotifiersOptions {
  assertWebhookTargets(config);
  const { notifications } = config;
  const publicUrl = notifications.publicUrl?.replace(/\/+$/, '') ?? publicUrlOf(config);
  return { notifications, secrets, publicUrl, source: publicUrl === null ? 'longhaul' : new URL(publicUrl).host };
}

export function modelsOptions({ providers, prices, traces }: GatewayConfig): ModelsModuleOptions {
  return {
    traceContent: traces.content,
    providers: Object.entries(providers).map(([name, provider]): ProviderOptions => {
      const { type, apiKey, baseUrl, headers, firstTokenTimeoutS, idleTimeoutS, timeoutS } = provider;
      const { rateLimit, tokenLimit } = provider;
      return {
        name,
        type: type ?? PROVIDER_TYPES.find((known) => known === name) ?? 'openai-compatible',
        ...(apiKey === undefined ? {} : { apiKey }),
        ...(baseUrl === undefined ? {} : { baseUrl }),
        ...(headers === undefined ? {} : { headers }),
        firstTokenTimeoutMs: ms(firstTokenTimeoutS),
        idleTimeoutMs: ms(idleTimeoutS),
        timeoutMs: ms(timeoutS),
        ...(rateLimit === undefined ? {} : { rateLimit: parseRate(rateLimit) }),
        ...(tokenLimit === undefined ? {} : { tokenLimit: parseRate(tokenLimit) }),
      };
    }),
    prices: Object.fromEntries(
      Object.entries(prices).map(([name, { cachedInput, ...price }]) => [
        name,
        cachedInput === undefined ? price : { ...price, cachedInput },
      ]),
    ),
  };
}

export function telemetryOptions({ config, secrets }: LoadedGatewayConfig): TelemetryOptions {
  const { otlpUrl, headers, sample } = config.traces;
  return {
    metrics: config.server.metrics.enabled,
    traces: otlpUrl === undefined ? undefined : { otlpUrl, headers, sample, secrets, version: VERSION },
  };
}

export function agentDefaults(config: GatewayConfig): AgentDefaults {
  const { queue, model } = config;
  return {
    model: model.default,
    executionMode: queue.defaultExecutionMode,
    maxRetries: queue.maxRetries,
    routes: queue.routes,
    providers: modelsOptions(config).providers,
    channels: knownChannels(config.notifications),
    webhookTargetIssue: webhookTargetIssue(config),
    profiles: config.profiles,
    mcpServers: Object.keys(config.mcpServers),
    resultEvents: resultEventsDefault(config),
  };
}

/** Null: no broker was named, and the queue has none. */
export function resultEventsOptions({ resultEvents }: GatewayConfig): ResultEventsOptions | null {
  const { transport, url, exchange, queue } = resultEvents;
  if (transport === undefined || url === undefined) return null;
  if (transport !== 'rabbitmq') return { transport, url };
  return { transport, url, exchange, ...(queue === undefined ? {} : { queue }) };
}

function resultEventsDefault(config: GatewayConfig): ResultEventsDefault {
  const options = resultEventsOptions(config);
  return options && { transport: options.transport, confirms: confirmsReceipt(options.transport) };
}

export function historyWindow({ conversations }: GatewayConfig): HistoryWindow {
  return { messages: conversations.historyMessages, chars: conversations.historyChars };
}

export function httpAgentsOptions({ config, expand }: LoadedGatewayConfig): HttpAgentsOptions {
  return { allowPrivateCidrs: config.http.allowPrivateCidrs, publicUrl: publicUrlOf(config), expand };
}

export function toolSettings({ config, expand, variable }: LoadedGatewayConfig, workspace: string): ToolSettings {
  const { allowPrivateCidrs } = config.http;
  return { workspace, allowPrivateCidrs, expand, variable, channels: knownChannels(config.notifications) };
}

/** Null where the port is chosen when the process listens. An address that means "all of them" is reached by loopback. */
function publicUrlOf({ server }: GatewayConfig): string | null {
  if (server.publicUrl !== undefined) return server.publicUrl.replace(/\/+$/, '');
  if (server.port === 0) return null;
  const host = server.host === '0.0.0.0' || server.host === '::' ? '127.0.0.1' : server.host;
  return `http://${host.includes(':') ? `[${host}]` : host}:${server.port}`;
}
