import type { Finding } from '@longhaul/kernel';
import type { ChannelModel } from 'amqplib';
import type { RabbitMqConnection } from './rabbitmq-connection';
import { answered, rabbitMqName } from './rabbitmq-errors';
import type { RabbitMqTopology } from './rabbitmq-topology';

/** The first with quorum queues that keep what they have when a node goes. */
const OLDEST = [3, 8] as const;

/** Version and queues of an open connection. Makes none. */
export async function examineRabbitMq(
  connection: RabbitMqConnection,
  topology: RabbitMqTopology,
  lanes: string[],
): Promise<Finding[]> {
  const { url } = connection;
  const current = connection.current();
  const { version } = current.connection.serverProperties;
  const depths = await Promise.all(lanes.map((lane) => depthOf(current, url, topology.laneQueue(lane))));
  const made = depths.filter((depth) => depth !== null);
  const aside = (await depthOf(current, url, topology.setAsideQueue)) ?? 0;
  const rings = made.reduce((sum, depth) => sum + depth, 0);
  return [
    isOld(version)
      ? {
          subject: 'rabbitmq',
          level: 'problem',
          message: `${rabbitMqName(url)} is version ${version}, which has no quorum queues`,
          mend: 'use RabbitMQ 3.10 or newer',
        }
      : { subject: 'rabbitmq', level: 'ok', message: `${rabbitMqName(url)}, version ${version}` },
    {
      subject: 'rabbitmq.queues',
      level: 'ok',
      message: `${rings} rings wait; ${made.length} of ${lanes.length} lanes have a queue, the others get theirs when first used`,
    },
    aside === 0
      ? { subject: 'rabbitmq.set-aside', level: 'ok', message: 'no message was set aside' }
      : {
          subject: 'rabbitmq.set-aside',
          level: 'warning',
          message: `${aside} messages that are no jobs of this version lie in ${topology.setAsideQueue}`,
          mend: 'look who publishes to the queues of this gateway, then purge it',
        },
  ];
}

/** Null when there is no such queue: the broker closes the channel that asked. */
async function depthOf(connection: ChannelModel, url: string, queue: string): Promise<number | null> {
  const channel = await answered(url, connection.createChannel());
  channel.on('error', () => undefined);
  try {
    return (await answered(url, channel.checkQueue(queue))).messageCount;
  } catch (error) {
    if (String(error).includes('NOT_FOUND') || String(error).includes('NOT-FOUND')) return null;
    throw error;
  } finally {
    await channel.close().catch(() => undefined);
  }
}

function isOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
}
