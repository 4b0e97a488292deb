import type { DatabaseSettings, Db } from '../database/connect.ts';
import type { Failure } from '../domain/failure.ts';
import type { EffectiveEntry } from '../scheduler/effective.ts';
import type { DatabaseSession } from './database-session.ts';

/** What may change while the daemon runs: read again at every SIGHUP. */
export interface Configuration {
  database: DatabaseSettings;
  timetable: readonly EffectiveEntry[];
}

/** What the rest of the program may know of a daemon that runs. */
export interface RunningDaemon {
  /**
   * Resolves when it has stopped. @throws Failure config when the database cannot be used as it is and never could, unavailable when another
   * build has replaced the program and can work
   */
  readonly ended: Promise<void>;
  /** the open way to the database */
  readonly session: DatabaseSession | undefined;
  /** why there is none, or why it cannot be used */
  readonly outage: Failure | undefined;
  /** the tasks of its timetable */
  readonly tasks: readonly string[];
  /** those of them that could not be loaded at the last try, and why */
  readonly unloadable: ReadonlyMap<string, string>;
  readonly clock: (db: Db) => Promise<Date>;
  /** Whether the loop turns: false when it has stood still for a minute. */
  isAlive(): boolean;
  /** Takes over another configuration, at once. */
  reconfigure(next: Configuration): void;
}
