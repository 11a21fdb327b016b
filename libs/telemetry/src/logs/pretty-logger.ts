import { inspect } from 'node:util';
import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import { redact } from '@longhaul/kernel';
import { logFields } from './log-fields';
import { isWiring, type LogLevelName, type LogOptions } from './log-options';
import { redactValues } from '../redact-values';

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
    super.printMessages(clean, context, level, stream, this.withoutSecrets(stack), this.withoutSecrets(params));
  }

  protected override printStackTrace(stack: string): void {
    super.printStackTrace(this.withoutSecrets(stack));
  }

  /** Once more as text: what is of a class of its own shows what it holds only here. */
  protected override stringifyMessage(message: unknown, level: LogLevel): string {
    return redact(super.stringifyMessage(message, level), this.spelled());
  }

  protected override stringifyParams(params: Record<string, unknown>): string {
    return redact(super.stringifyParams(params), this.spelled());
  }

  /** The secrets, and how Node shows a text that has one in it. */
  private spelled(): string[] {
    return this.more.secrets.flatMap((secret) => [secret, inspect(secret).slice(1, -1)]);
  }

  private withoutSecrets<T>(value: T): T {
    return redactValues(value, this.more.secrets);
  }
}
