export { CATALOGUE } from './metrics/catalogue';
export { mayReadMetrics } from './metrics/may-read-metrics';
export { Metrics, NO_METRICS } from './metrics/metrics';
export { TelemetryModule } from './telemetry.module';
