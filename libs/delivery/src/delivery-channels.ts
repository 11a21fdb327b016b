import { Injectable } from '@nestjs/common';
import type { DeliveryChannel } from './delivery-channel';

/** The channels of this process: registered by whoever brings one when the process starts (`onModuleInit`). */
@Injectable()
export class DeliveryChannels {
  private readonly channels = new Map<string, DeliveryChannel>();

  register(channel: DeliveryChannel): void {
    if (this.channels.has(channel.name)) throw new Error(`two channels are called ${channel.name}`);
    this.channels.set(channel.name, channel);
  }

  find(name: string): DeliveryChannel | undefined {
    return this.channels.get(name);
  }

  get names(): string[] {
    return [...this.channels.keys()];
  }
}
