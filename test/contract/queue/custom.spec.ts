import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describeQueueContract } from '@longhaul/queue/testing';
import { SqliteQueue } from './custom-queue';

const folder = mkdtempSync(join(tmpdir(), 'longhaul-custom-'));
const file = join(folder, 'queue.db');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describeQueueContract('a custom backend', {
  client: () => new SqliteQueue(file),
  // Nothing needs to be done: a dead process never comes back to its deliveries, and neither does this client.
  mortalClient: () => Promise.resolve({ client: new SqliteQueue(file), kill: () => Promise.resolve() }),
  backWithinMs: 5_000,
  inject: (lane, payload) => {
    const database = new Database(file);
    database.prepare('INSERT INTO jobs (lane, payload) VALUES (?, ?)').run(lane, payload);
    database.close();
    return Promise.resolve();
  },
});
