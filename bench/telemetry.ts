import { onAndOff } from './measures/on-and-off';
import { startLonghaul } from './targets/longhaul';

const ON = { name: 'with telemetry', yaml: 'server: { port: 0 }\nlog: { requests: true, format: json }' };
const OFF = {
  name: 'without',
  yaml: 'server: { port: 0, metrics: { enabled: false } }\nlog: { level: error, format: json }',
};

/** `npm run bench:telemetry`: no-op executions completed a second with metrics and a line for each request, and without, in turn. */
onAndOff({
  only: 'memory',
  columns: ['metrics and logs on /s', 'off /s', 'on / off'],
  start: async (place) => [
    await startLonghaul({ ...place, settings: ON }),
    await startLonghaul({ ...place, settings: OFF }),
  ],
}).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
