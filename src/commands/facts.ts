/** Facts about a command besides its arguments and options: examples, exit codes, common options, signal handling. */
export interface Facts {
  /** complete command lines that start with `subctl `, each with an explanation; two or more; tests run them */
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
  /** the lists in its record, the main one first; CSV and TSV print one, chosen by --part */
  parts?: readonly string[];
  /** takes --as-of */
  asOf?: boolean;
  /** what `run` requires; defaults to 'schema' */
  needs?: 'nothing' | 'database' | 'schema';
  /** maximum number of database connections; defaults to four */
  connections?: number;
  /**
   * how a signal ends a command that writes. By default its connections are closed and uncommitted work is rolled back. `finishes`: it may
   * finish the current batch within a second. `stops`: it handles the signal itself.
   */
  onSignal?: 'finishes' | 'stops';
}

/** The facts that were given to `verb`. */
export function findFacts(command: object): Facts {
  return (command as { facts: Facts }).facts;
}
