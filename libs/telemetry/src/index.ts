export { logFields, withLogFields } from './logs/log-fields';
export type { LogFields } from './logs/log-fields';
export type { LogLevelName } from './logs/log-options';
export { makeLogger } from './logs/make-logger';
export { CATALOGUE } from './metrics/catalogue';
export { mayReadMetrics } from './metrics/may-read-metrics';
export { Metrics, NO_METRICS } from './metrics/metrics';
export { TelemetryModule } from './telemetry.module';
