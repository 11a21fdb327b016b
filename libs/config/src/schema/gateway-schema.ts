import { z } from 'zod';
import { auth } from './auth';
import { section, text } from './fields';
import { persistence, retention } from './persistence';
import { queue } from './queue';
import { server, worker } from './server';
import { http, notifications, prices, profiles, providers } from './unbuilt';

const model = section('The model of agents that name none.', {
  default: text('provider/model.').default('demo/echo'),
});

/** gateway.yaml as it is written: every key, its form, its default and what it is for. The only list of keys. */
export const gatewaySchema = z.strictObject({
  server,
  model,
  providers,
  persistence,
  queue,
  worker,
  retention,
  http,
  notifications,
  profiles,
  prices,
  extensions: z.array(z.string()).default([]).describe('Modules with your Nest providers.'),
  auth,
});

/** The checked document, still in the names of the file. */
export type GatewayDocument = z.output<typeof gatewaySchema>;
