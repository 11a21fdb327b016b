import { NativeLogger, nativeLoggerOptions, type PinoLogger } from 'nestjs-pino';
import { destination, type DestinationStream, type Level, multistream, pino } from 'pino';
import { logFields } from './log-fields';
import { isWiring, type LogLevelName, type LogOptions } from './log-options';
import { redactLine } from './redact-line';

/** What waits for a reader that does not read; beyond it lines are dropped, for a log must not hold up a gateway. */
const MOST_WAITING = 1_048_576;
const PINO_LEVELS: Record<LogLevelName, Level> = {
  error: 'error',
  warn: 'warn',
  info: 'info',
  debug: 'debug',
  verbose: 'trace',
};

/**
 * One JSON object a line, by pino: the fields that Nest's own JSON logger has (`level`, `pid`, `timestamp`, `message`,
 * `context`, `stack`), and the ids of the run or the request. Errors go to stderr, all else to stdout; written as soon
 * as may be and never waited for.
 */
export class JsonLogger extends NativeLogger {
  constructor(options: LogOptions, streams: { out?: DestinationStream; err?: DestinationStream } = {}) {
    const { out = toFile(1), err = toFile(2) } = streams;
    const root = pino(
      {
        ...nativeLoggerOptions,
        level: PINO_LEVELS[options.level],
        mixin: () => ({ ...logFields() }),
        hooks: { streamWrite: (line) => redactLine(line, options.secrets) },
      },
      multistream(
        [
          { level: 'trace', stream: out },
          { level: 'error', stream: err },
        ],
        { dedupe: true },
      ),
    );
    // It asks nothing of a PinoLogger but its six methods. A PinoLogger itself is one for the whole process.
    super(root as unknown as PinoLogger, {});
  }

  override log(message: unknown, ...more: unknown[]): void {
    if (!isWiring('log', more.at(-1))) super.log(message, ...more);
  }
}

function toFile(fd: number): DestinationStream {
  const stream = destination({ fd, sync: false, maxLength: MOST_WAITING });
  // Nobody reads any more, or the disk is full: there is no one to tell.
  stream.on('error', () => undefined);
  return stream;
}
