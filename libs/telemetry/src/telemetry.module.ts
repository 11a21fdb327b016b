import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Metrics, NO_METRICS } from './metrics/metrics';

export interface TelemetryOptions {
  /** False: nothing is counted, and nothing loaded that would. */
  metrics: boolean;
}

/** What operators see of a gateway from outside. One for each gateway; every lib above may count and measure. */
@Global()
@Module({})
export class TelemetryModule {
  static forRoot(options: TelemetryOptions): DynamicModule {
    return {
      module: TelemetryModule,
      providers: [{ provide: Metrics, useFactory: () => makeMetrics(options) }],
      exports: [Metrics],
    };
  }
}

function makeMetrics({ metrics }: TelemetryOptions): Metrics {
  if (!metrics) return NO_METRICS;
  const { PromMetrics } = require('./metrics/prom-metrics') as typeof import('./metrics/prom-metrics');
  return new PromMetrics();
}
