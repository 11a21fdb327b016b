import type { Failpoint } from '@longhaul/kernel';
import type { GatewayProcess } from '../../support/gateway-process';
import { eventually } from '../../support/eventually';

/** A process whose plan says that it stops itself (SIGSTOP) at failpoints, led from one to the next. */
export class Stops {
  private seen = 0;

  constructor(private readonly process: GatewayProcess) {}

  /** Lets it go on until it stands at this point. */
  async leadTo(point: Failpoint): Promise<void> {
    for (;;) {
      await this.process.until(() => this.said.length > this.seen);
      this.seen += 1;
      await this.process.frozen();
      if (this.said[this.seen - 1] === point) return;
      this.process.send('SIGCONT');
    }
  }

  /** Lets it go on from where it stands, through whatever stops there are, until `done` has an answer. */
  async goOnUntil<T>(done: Promise<T>): Promise<T> {
    const state = { over: false };
    const end = () => (state.over = true);
    done.then(end, end);
    this.process.send('SIGCONT');
    await eventually(
      async () => {
        if (state.over || this.said.length === this.seen) return state.over;
        this.seen += 1;
        await this.process.frozen();
        this.process.send('SIGCONT');
        return false;
      },
      { timeoutMs: 90_000 },
    );
    return done;
  }

  private get said(): string[] {
    return [...this.process.log.matchAll(/^fault: stop at (\S+)$/gm)].map(([, point]) => point ?? '');
  }
}
