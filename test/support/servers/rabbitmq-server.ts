import { randomUUID } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { connect } from 'amqplib';
import { eventually } from '../eventually';
import { freePort } from '../free-port';
import { findServer } from './server-binary';
import { dockerRun, firstAnswer, groupControl, serverFolder } from './server-folder';
import { type ServerCommand, TestServer } from './test-server';

const AMQP_GREETING = 'AMQP\x00\x00\x09\x01';

export interface RabbitMqServerOptions {
  /** More lines of rabbitmq.conf. */
  config?: string;
  /** What rabbitmq.conf has no key for: the terms of advanced.config. */
  advanced?: string;
}

/** A private RabbitMQ (7 to 12 s), guest:guest, with what it stores on disk. */
export async function startRabbitMq(options: RabbitMqServerOptions = {}): Promise<TestServer> {
  const source = findServer({
    name: 'rabbitmq',
    binary: 'rabbitmq-server',
    // The one on PATH is a wrapper that changes the user.
    alsoIn: '/usr/lib/rabbitmq/bin',
    image: 'rabbitmq:3',
    aptPackage: 'rabbitmq-server',
  });
  const [port, directory] = [await freePort(), await serverFolder('rabbitmq')];
  const run =
    source.kind === 'binary'
      ? await fromBinary(source.path, port, directory, options)
      : dockerRun(
          basename(directory),
          ['--hostname', 'longhaul', '-p', `127.0.0.1:${port}:5672`, '-v', `${directory}:/var/lib/rabbitmq`],
          source.image,
          [],
        );
  return TestServer.start({
    ...run,
    name: 'RabbitMQ',
    url: `amqp://guest:guest@127.0.0.1:${port}`,
    directory,
    isReady: async () => (await firstAnswer(port, AMQP_GREETING))[0] === 1,
    readyWithinMs: 60_000,
  });
}

/**
 * Waits until the queues declared so far will survive `kill`. RabbitMQ 3.10 writes its register of quorum queues to
 * disk half a second late; one that is not in it when the broker is killed has no leader ever after, and hangs.
 */
export async function flushRabbitMq(server: TestServer): Promise<void> {
  const files = await readdir(server.directory, { recursive: true });
  const register = files.find((file) => basename(file) === 'names.dets' && file.includes('quorum'));
  if (!register) return;
  const last = `flush-${randomUUID()}`;
  const connection = await connect(server.url);
  const channel = await connection.createChannel();
  await channel.assertQueue(last, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  await eventually(async () => (await readFile(join(server.directory, register))).includes(last));
  await channel.deleteQueue(last);
  await connection.close();
}

/**
 * Everything that two instances on one host could share is made private: node name, port mapper, cookie, folders. The
 * port mapper runs in the same process group, so one signal ends both.
 */
async function fromBinary(
  path: string,
  port: number,
  directory: string,
  { config = '', advanced = '' }: RabbitMqServerOptions,
): Promise<Pick<ServerCommand, 'argv' | 'env' | 'control' | 'tool'>> {
  const [distributionPort, mapperPort] = [await freePort(), await freePort()];
  await writeFile(join(directory, 'enabled_plugins'), '[].');
  await writeFile(
    join(directory, 'rabbitmq.conf'),
    `disk_free_limit.absolute = 1MB\nloopback_users = none\n${config}\n`,
  );
  await writeFile(join(directory, 'advanced.config'), `[${advanced}].`);
  const env = {
    HOME: directory,
    RABBITMQ_NODENAME: `${basename(directory).toLowerCase()}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: `${port}`,
    RABBITMQ_DIST_PORT: `${distributionPort}`,
    ERL_EPMD_PORT: `${mapperPort}`,
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_MNESIA_BASE: join(directory, 'data'),
    RABBITMQ_LOG_BASE: join(directory, 'log'),
    RABBITMQ_PID_FILE: join(directory, 'rabbitmq.pid'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(directory, 'enabled_plugins'),
    RABBITMQ_CONFIG_FILE: join(directory, 'rabbitmq.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(directory, 'advanced.config'),
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+sbwt none +S 2:2',
  };
  return {
    argv: ['sh', '-c', `epmd -port ${mapperPort} -address 127.0.0.1 & exec '${path}'`],
    env,
    control: groupControl,
    tool: ([name = '', ...args]) => ({ argv: [join(dirname(path), name), ...args], env }),
  };
}
