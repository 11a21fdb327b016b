/** As `log.level` names them, the loudest last. */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug', 'verbose'] as const;
export type LogLevelName = (typeof LOG_LEVELS)[number];

export interface LogOptions {
  level: LogLevelName;
  /** To be blotted out of every line. The array may grow while the process runs. */
  secrets: readonly string[];
}

/** What Nest says of its own wiring at every start; of no use to who runs a gateway. */
const WIRING = new Set([
  'InstanceLoader',
  'NestFactory',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
  'NestMicroservice',
]);

export function isWiring(level: string | undefined, context: unknown): boolean {
  return level === 'log' && typeof context === 'string' && WIRING.has(context);
}
