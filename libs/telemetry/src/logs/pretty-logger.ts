import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import { redact } from '@longhaul/kernel';
import { logFields } from './log-fields';
import { isWiring, type LogLevelName, type LogOptions } from './log-options';

const NEST_LEVELS: Record<LogLevelName, LogLevel[]> = {
  error: ['fatal', 'error'],
  warn: ['fatal', 'error', 'warn'],
  info: ['fatal', 'error', 'warn', 'log'],
  debug: ['fatal', 'error', 'warn', 'log', 'debug'],
  verbose: ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'],
};

/** Lines for people on a terminal, secrets blotted out; the execution that a line belongs to at its end. */
export class PrettyLogger extends ConsoleLogger {
  constructor(private readonly more: LogOptions) {
    super({ prefix: 'Longhaul', logLevels: NEST_LEVELS[more.level] });
  }

  protected override printMessages(
    messages: unknown[],
    context?: string,
    level?: LogLevel,
    stream?: 'stdout' | 'stderr',
    stack?: unknown,
    params?: Record<string, unknown>,
  ): void {
    if (isWiring(level, context)) return;
    const { execution_id: id } = logFields();
    const told = (message: unknown) =>
      id === undefined || typeof message !== 'string' || message.includes(id) || context?.includes(id)
        ? message
        : `${message} (${id})`;
    const clean = messages.map((message) => this.withoutSecrets(told(message)));
    super.printMessages(clean, context, level, stream, this.withoutSecrets(stack), params);
  }

  protected override printStackTrace(stack: string): void {
    super.printStackTrace(this.withoutSecrets(stack) as string);
  }

  private withoutSecrets(message: unknown): unknown {
    return typeof message === 'string' ? redact(message, this.more.secrets) : message;
  }
}
