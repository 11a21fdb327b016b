import { Injectable, type OnModuleDestroy } from '@nestjs/common';

/**
 * Whether this process wants new requests. Turned off by the first hook of a shutdown: it belongs to the root module,
 * whose hooks Nest calls before those of the modules below it, so a load balancer turns away while runs still drain.
 */
@Injectable()
export class ReadinessState implements OnModuleDestroy {
  private stopping = false;

  get ready(): boolean {
    return !this.stopping;
  }

  turnOff(): void {
    this.stopping = true;
  }

  onModuleDestroy(): void {
    this.turnOff();
  }
}
