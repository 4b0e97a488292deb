/** What a command is beside its arguments and options: which options of all commands it takes, its examples, how it ends. */
export interface Facts {
  /** whole lines that start with `subctl `, each with what it is for; two at least: tests run them */
  examples: readonly (readonly [command: string, about: string])[];
  /** exit codes beyond 0, 1, 2, 5, 6 */
  exits?: readonly number[];
  /** changes the database: takes --dry-run, --yes, --actor, --reason */
  writes?: boolean;
  /**
   * prints a record: takes --format, --json, --jq, --fields, --output, --no-header, --no-csv-guard; 'list': prints rows, and takes --sort,
   * --filter and --limit as well
   */
  rows?: true | 'list';
  /** the lists in its record, the main one first: CSV and TSV have one of them, which --part chooses */
  parts?: readonly string[];
  /** takes --as-of */
  asOf?: boolean;
  /** what must be there before `run` starts; 'schema' unless said */
  needs?: 'nothing' | 'database' | 'schema';
  /** connections to the database at most; four unless said */
  connections?: number;
  /**
   * what a signal does to a command that writes: it is cut off, and what it has not committed undone. One that `finishes` ends the batch in
   * hand, for a second; one that `stops` has a way of its own.
   */
  onSignal?: 'finishes' | 'stops';
}

/** What `verb` was given. */
export function findFacts(command: object): Facts {
  return (command as { facts: Facts }).facts;
}
