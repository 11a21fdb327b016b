export {
  describeWithOwnPostgres,
  describeWithOwnRabbitMq,
  describeWithOwnRedis,
  describeWithPostgres,
  describeWithRabbitMq,
  describeWithRedis,
  freshDatabase,
  SERVER_START_MS,
  uniqueName,
} from './describe-with';
export { startPostgres } from './postgres-server';
export { flushRabbitMq, startRabbitMq } from './rabbitmq-server';
export { startRedis } from './redis-server';
export { isSkipped } from './server-names';
export { sharedServer } from './shared-server';
export type { TestServer } from './test-server';
