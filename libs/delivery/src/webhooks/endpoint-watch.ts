import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Database } from '@longhaul/database';
import { HintBus } from '@longhaul/queue';

const LOOK_INTERVAL_MS = 500;
/**
 * How long "there are none" may be believed after the look that found so began. Whoever registers the first one is
 * answered after as long: by then no process believes it any more, or has asked again.
 */
export const BELIEVED_MS = 1_500;

/**
 * Whether anybody has registered an endpoint, as far as this process knows: lets a gateway without any spare the
 * statement at each end of an execution. Never says no in doubt.
 */
@Injectable()
export class EndpointWatch implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('Webhooks');
  private noneSince = Number.NEGATIVE_INFINITY;
  private timer: NodeJS.Timeout | undefined;
  private unsubscribe: () => void = () => undefined;
  private looking = false;

  constructor(
    private readonly database: Database,
    private readonly hints: HintBus,
  ) {}

  onModuleInit(): void {
    this.unsubscribe = this.hints.subscribe((hint) => {
      if (hint.kind === 'endpoints') this.noneSince = Number.NEGATIVE_INFINITY;
    });
    this.timer = setInterval(() => void this.look(), LOOK_INTERVAL_MS).unref();
    void this.look();
  }

  onModuleDestroy(): void {
    this.unsubscribe();
    clearInterval(this.timer);
  }

  get mayExist(): boolean {
    return performance.now() - this.noneSince > BELIEVED_MS;
  }

  private async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    const began = performance.now();
    try {
      const [any] = await this.database.read('SELECT 1 FROM webhook_endpoints WHERE enabled = true LIMIT 1');
      this.noneSince = any ? Number.NEGATIVE_INFINITY : began;
    } catch (error) {
      this.logger.debug(`whether there are endpoints is not known: ${String(error)}`);
    } finally {
      this.looking = false;
    }
  }
}
