import { onAndOff } from './measures/on-and-off';
import { startLonghaul } from './targets/longhaul';

/** `npm run bench:fences`: no-op executions completed a second with the fence and without it, in turn. */
onAndOff({
  only: 'memory,redis',
  columns: ['with the fence /s', 'without /s', 'with / without'],
  start: async (place) => [
    await startLonghaul({ ...place, off: [] }),
    await startLonghaul({ ...place, off: ['fence'] }),
  ],
}).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
