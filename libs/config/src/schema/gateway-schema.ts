import { z } from 'zod';
import { auth } from './auth';
import { number, section } from './fields';
import { http } from './http';
import { log } from './log';
import { mcpServers } from './mcp-servers';
import { model, prices, providers } from './models';
import { notifications } from './notifications';
import { persistence, retention } from './persistence';
import { profiles } from './profiles';
import { queue } from './queue';
import { resultEvents } from './result-events';
import { server, worker } from './server';
import { traces } from './traces';
import { webhooks } from './webhooks';

const conversations = section('What a model is sent of what was said before: the latest whole turns.', {
  history_messages: number({ min: 0, max: 10_000 }, 'Messages; a turn has two. 0 = none.').default(40),
  history_chars: number({ min: 0, max: 100_000_000 }, 'Characters of all of them.').default(60_000),
});

/** gateway.yaml as it is written: every key, its form, its default and what it is for. The only list of keys. */
export const gatewaySchema = z.strictObject({
  server,
  log,
  traces,
  model,
  providers,
  persistence,
  queue,
  worker,
  retention,
  conversations,
  http,
  webhooks,
  notifications,
  result_events: resultEvents,
  profiles,
  prices,
  mcp_servers: mcpServers,
  extensions: z.array(z.string()).default([]).describe('JavaScript files (./relative to gateway.yaml) or packages with your Nest modules, providers, agents and queue.'),
  auth,
});

/** The checked document, still in the names of the file. */
export type GatewayDocument = z.output<typeof gatewaySchema>;
