import { Failure } from '../domain/failure.ts';

/** The setting `schema`, written by setup: how far the database is, and by which program. */
export interface SchemaState {
  /** migrations applied */
  version: number;
  /** digest of all functions and views */
  functions: string;
  /** the program that set the database up last */
  program: string;
  /** programs before this one must not use it */
  oldest_program: string;
}

/** The refusal of a database that is ahead of the program; `program` is the least that knows it. */
export function newerSchema(
  version: number,
  { version: at, program }: { version: number; program: string },
): Failure {
  const message =
    at === version
      ? `The database has the functions of subctl ${program}, which this program would undo`
      : `This program knows schema ${version}, the database is at ${at}`;
  return new Failure('config', message, { hint: `install subctl ${program} or later` });
}

/** Below zero when `a` is the older of two versions such as 0.10.2; a prerelease counts as its version. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('-')[0]!.split('.').map(Number));
  return (
    [0, 1, 2].map((at) => (left![at] ?? 0) - (right![at] ?? 0)).find((difference) => difference !== 0) ?? 0
  );
}
