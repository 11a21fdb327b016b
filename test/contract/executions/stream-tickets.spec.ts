import { createHash } from 'node:crypto';
import type { Database } from '@longhaul/database';
import { StreamTickets } from '@longhaul/executions';
import { describeOnDatabases } from '../../support/databases';

const HOLDER = { owner: 'acme', scopes: ['executions:read'] };

describeOnDatabases('A ticket for a stream', (get) => {
  let database: Database;
  let tickets: StreamTickets;
  beforeAll(() => {
    database = get().database;
    tickets = new StreamTickets(database);
  });

  const count = async () => Number((await database.read('SELECT count(*) AS n FROM stream_tickets'))[0]?.n);
  /** As if it had been issued this long ago. */
  const age = (ms: number) => database.run('UPDATE stream_tickets SET expires_at = expires_at - $1', [ms]);

  it('is good once, and says on whose behalf', async () => {
    const { ticket } = await tickets.issue(HOLDER);
    expect(await tickets.redeem(ticket)).toEqual(HOLDER);
    await expect(tickets.redeem(ticket)).rejects.toMatchObject({
      code: 'unauthenticated',
      message: expect.stringContaining('used before') as string,
    });
  });

  it('lets in one of many who show it in the same moment, at different processes', async () => {
    const { ticket } = await tickets.issue(HOLDER);
    const places = Array.from({ length: 12 }, () => new StreamTickets(database));
    const shown = await Promise.allSettled(places.map((place) => place.redeem(ticket)));
    expect(shown.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it("is good for 30 seconds by the database's clock", async () => {
    const [row] = await database.read(`SELECT ${database.dialect.now} AS now`);
    const { ticket, expiresAt } = await tickets.issue(HOLDER);
    expect(expiresAt - Number(row?.now)).toBeGreaterThanOrEqual(30_000);
    expect(expiresAt - Number(row?.now)).toBeLessThan(60_000);
    await age(expiresAt - Number(row?.now) + 1);
    await expect(tickets.redeem(ticket)).rejects.toThrow('the ticket has expired: it was good for 30 s');
  });

  it.each(['', 'lht_', 'lh_not_one', `lht_${'A'.repeat(43)}`])(
    'that nobody issued opens nothing: %j',
    async (ticket) => {
      await expect(tickets.redeem(ticket)).rejects.toMatchObject({
        code: 'unauthenticated',
        message: expect.stringContaining('not known') as string,
      });
    },
  );

  it('is stored as its hash, and goes when it is long over', async () => {
    const { ticket } = await tickets.issue(HOLDER);
    const stored = JSON.stringify(await database.read('SELECT * FROM stream_tickets'));
    expect(stored).toContain(createHash('sha256').update(ticket).digest('hex'));
    expect(stored).not.toContain(ticket.slice(4));
    await age(700_000);
    await tickets.issue(HOLDER);
    expect(await count()).toBe(1);
  });
});
