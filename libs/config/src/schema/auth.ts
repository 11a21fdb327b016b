import { z } from 'zod';
import { section, text } from './fields';
import { keyRateLimit, maxConcurrent } from './server';

/** What a key may be allowed to do. `admin` includes the others. */
export const SCOPES = ['agents:run', 'executions:read', 'executions:cancel', 'approvals:decide', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

const CLIENT_SCOPES: Scope[] = ['agents:run', 'executions:read', 'executions:cancel'];

const apiKey = z.strictObject({
  name: text('What people call the key; shows in logs.'),
  key: z
    .string()
    .min(16, { error: 'must have at least 16 characters: it is all that guards the gateway' })
    .optional()
    .describe('The key itself, best as "${VARIABLE}". Only its hash is kept in memory.'),
  key_hash: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/i, { error: 'must be "sha256:" and 64 hexadecimal digits' })
    .optional()
    .describe('Instead of key: sha256:<hex> of it.'),
  owner: text('Whose executions it sees; the name when absent.').optional(),
  rate_limit: keyRateLimit.optional().describe('Instead of server.rate_limit.'),
  max_concurrent: maxConcurrent.optional(),
  scopes: z.array(z.enum(SCOPES)).min(1, { error: 'must name at least one scope' }).default(CLIENT_SCOPES),
});

export const auth = section('Who may come in.', {
  mode: z
    .enum(['none', 'api_key'])
    .optional()
    .describe('none: anybody, and the gateway binds loopback only. Default: api_key when api_keys has entries, else none.'),
  api_keys: z.array(apiKey).default([]).describe('The keys that are accepted in Authorization: Bearer.'),
});
