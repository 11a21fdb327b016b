import { connect } from 'amqplib';
import { describeHintBusContract, describeQueueContract } from '@longhaul/queue/testing';
import { RabbitMqHintBus, RabbitMqQueue } from '../../../libs/queue/src/providers/rabbitmq';
import { describeWithOwnRabbitMq, flushRabbitMq } from '../../support/servers';
import { TcpProxy } from '../../support/tcp-proxy';

describeWithOwnRabbitMq('RabbitMQ', (server) => {
  const queueName = 'contract';
  const rabbitMqQueue = (url: string): RabbitMqQueue => new RabbitMqQueue({ url, queueName });

  async function send(exchange: string, routingKey: string, payload: string): Promise<void> {
    const connection = await connect(server().url);
    const channel = await connection.createConfirmChannel();
    channel.publish(exchange, routingKey, Buffer.from(payload));
    await channel.waitForConfirms();
    await connection.close();
  }

  const broker = {
    down: async () => {
      await flushRabbitMq(server());
      await server().kill();
    },
    up: () => server().restart(),
    durable: true,
  };

  describeQueueContract('RabbitMqQueue', {
    client: () => rabbitMqQueue(server().url),
    mortalClient: async () => {
      const proxy = await TcpProxy.before(server().url);
      return { client: rabbitMqQueue(proxy.url(server().url)), kill: () => proxy.close() };
    },
    inject: (lane, payload) => send('', `${queueName}.v1.${lane}`, payload),
    misconfigured: () => [
      { client: rabbitMqQueue(server().url.replace('guest:guest', 'guest:wrong')), names: /queue\.rabbitmq_url/ },
      { client: rabbitMqQueue(`${server().url}/nowhere`), names: /queue\.rabbitmq_url/ },
    ],
    broker,
  });

  describeHintBusContract('RabbitMqHintBus', {
    bus: () => new RabbitMqHintBus({ url: server().url, queueName }),
    inject: (payload) => send(`${queueName}.v1.hints`, '', payload),
    broker,
  });
});
