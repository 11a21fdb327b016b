import type { Database } from '@longhaul/database';
import type { AsyncCommand, Scheduler } from 'fast-check';
import type { TestDatabase } from '../../support/databases';
import { type Action, BEGINNING } from './action';
import { Audit } from './audit';
import { Cast } from './cast';
import { Expectations } from './expectations';
import { Gateway } from './gateway';
import { Model } from './model';
import { ScheduledDatabase, type Traffic } from './scheduled-database';
import { type Step, stepOf } from './step';

async function emptied({ database, dataSource }: TestDatabase): Promise<Database> {
  await database.write(function* () {
    for (const { tableName } of dataSource.entityMetadatas) yield { sql: `DELETE FROM ${tableName}`, silent: true };
  });
  return database;
}

/** One story in which everything happens one after the other, and what the model says of each of its steps. */
export class Story {
  private constructor(
    private readonly database: Database,
    readonly model: Model,
    private readonly gateway: Gateway,
    private readonly audit: Audit,
    private readonly expectations: Expectations,
  ) {}

  static async begin(test: TestDatabase): Promise<Story> {
    const database = await emptied(test);
    const audit = new Audit();
    const gateway = new Gateway(database, new Cast(), audit);
    const model = new Model();
    const expectations = new Expectations(model, gateway);
    await gateway.open();
    expectations.begin();
    const story = new Story(database, model, gateway, audit, expectations);
    await story.goesOn(BEGINNING);
    return story;
  }

  /** Does it, and compares what was answered and what is stored with the model. */
  async goesOn(action: Action): Promise<void> {
    const step = stepOf(action, this.gateway.cast);
    if (!step) return;
    await this.expectations.check(step);
    const rows = await this.database.read('SELECT id, status, epoch, worker_id, attempt FROM executions ORDER BY id');
    const stored = rows.map((row) => [row.id, row.status, Number(row.epoch), row.worker_id, Number(row.attempt)]);
    const expected = this.model.executions
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ id, state: { status, epoch, owner, attempt } }) => [id, status, epoch, owner, attempt]);
    expect(stored).toEqual(expected);
  }

  async ends(): Promise<void> {
    expect(await this.audit.findings(this.database)).toEqual([]);
  }
}

/** Some actions in a row as fast-check wants them, so that it can leave out what a failure does not need. */
export class Deed implements AsyncCommand<Model, Story> {
  private readonly actions: Action[];

  constructor(...actions: Action[]) {
    this.actions = actions;
  }

  check(): boolean {
    return true;
  }

  async run(_model: Model, story: Story): Promise<void> {
    for (const action of this.actions) await story.goesOn(action);
  }

  toString(): string {
    return this.actions.map((action) => JSON.stringify(action)).join(',');
  }
}

/** A story in rounds: all actions of a round are under way together, and the scheduler says whose turn it is. */
export async function inRounds(
  test: TestDatabase,
  rounds: Action[][],
  scheduler: Scheduler,
  traffic: Traffic,
): Promise<void> {
  const database = await emptied(test);
  const audit = new Audit();
  const cast = new Cast();
  await new Gateway(database, cast, audit).open();
  const gateway = new Gateway(new ScheduledDatabase(database, scheduler, traffic), cast, audit);
  for (const round of [[BEGINNING], ...rounds]) {
    const steps = round.flatMap((action) => stepOf(action, cast) ?? []);
    await scheduler.waitFor(Promise.all(steps.map((step) => perform(gateway, step))));
  }
  expect(await audit.findings(database)).toEqual([]);
}

function perform(gateway: Gateway, step: Step): Promise<unknown> {
  return (gateway[step.do] as (step: Step) => Promise<unknown>).call(gateway, step);
}
