import { Logger } from '@nestjs/common';

/** For Nest's clients, which log each failure that their caller is told of anyway. */
export class QuietLogger extends Logger {
  override log(message: unknown): void {
    this.debug(message);
  }

  override warn(message: unknown): void {
    this.debug(message);
  }

  override error(message: unknown): void {
    this.debug(message);
  }
}
