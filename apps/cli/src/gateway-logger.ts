import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import { redact } from '@longhaul/kernel';

/** What Nest says of its own wiring at every start; of no use to who runs a gateway. */
const WIRING = new Set([
  'InstanceLoader',
  'NestFactory',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
  'NestMicroservice',
]);

/** Lines for people on a terminal, JSON for machines elsewhere, secrets in neither. */
export class GatewayLogger extends ConsoleLogger {
  constructor(private readonly secrets: readonly string[]) {
    super({ json: !process.stdout.isTTY, prefix: 'Longhaul' });
  }

  protected override printMessages(
    messages: unknown[],
    context?: string,
    level?: LogLevel,
    stream?: 'stdout' | 'stderr',
    stack?: unknown,
  ): void {
    if (level === 'log' && context !== undefined && WIRING.has(context)) return;
    super.printMessages(
      messages.map((message) => this.withoutSecrets(message)),
      context,
      level,
      stream,
      this.withoutSecrets(stack),
    );
  }

  private withoutSecrets(message: unknown): unknown {
    return typeof message === 'string' ? redact(message, this.secrets) : message;
  }
}
