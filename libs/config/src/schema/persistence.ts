import { z } from 'zod';
import { number, section, text } from './fields';

export const DEFAULT_SQLITE_URL = './data/longhaul.db';

export const persistence = section('The database: the truth about every execution.', {
  backend: z.enum(['sqlite', 'postgres']).default('sqlite').describe('sqlite: one host. postgres: any number.'),
  url: text(
    'sqlite: path of the file, relative to the workspace directory. postgres: postgres://user:password@host:port/database.',
  ).default(DEFAULT_SQLITE_URL),
  pool_size: number({ min: 1, max: 1000 }, 'Connections to PostgreSQL of one process.').default(10),
});

export const retention = section('How long what has ended is kept.', {
  executions_days: number({ min: 1, max: 36_500 }, 'Days an ended execution stays readable.').default(30),
  events_days: number({ min: 1, max: 36_500 }, "Days an ended execution's events stay readable.").default(30),
  idempotency_hours: number({ min: 1, max: 8_760 }, 'Hours an Idempotency-Key is remembered.').default(24),
});
