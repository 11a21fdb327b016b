import type { Database, Dialect, Write } from '@longhaul/database';

/** What a transaction is about to delete for ever. */
export interface Forgotten {
  executionIds: readonly string[];
  /** None of their turns is left. */
  conversations: readonly { owner: string; id: string }[];
}

/** Lets a lib above keep an execution, delete its own rows in the transaction in which one goes, and tidy up besides. */
export abstract class RetentionParticipant {
  /** A condition on `executions e` under which one stays, however old; null: none. */
  readonly keeps: string | null = null;

  /** Deletes by statements that each fit any number of executions; what is not there is no error. */
  *forget(_dialect: Dialect, _gone: Forgotten): Write<void> {
    // Nothing of its own goes with an execution.
  }

  /** Deletes some of what has been over for `keptMs`; called about once a minute, in any number of processes. */
  tidy(_database: Database, _keptMs: number): Promise<void> {
    return Promise.resolve();
  }
}
