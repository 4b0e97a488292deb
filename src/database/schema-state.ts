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

/**
 * The refusal, by the program `ours` that knows schema `version`, of a database that is ahead of it; `program` is the least that knows it.
 * A version is never told to itself: then it is another build that is wanted.
 */
export function newerSchema(
  version: number,
  { version: at, program, ours }: { version: number; program: string; ours: string },
): Failure {
  const message =
    at === version
      ? `The database has the functions of subctl ${program}, which this program would undo`
      : `This program knows schema ${version}, the database is at ${at}`;
  const isSame = compareVersions(program, ours) === 0;
  return new Failure('config', message, {
    hint: isSame
      ? `install the build of subctl ${program} that set the database up, or a later version`
      : `install subctl ${program} or later`,
  });
}

/** The words for functions that have another text although their version is that of the program. */
export function otherBuild(program: string): string {
  return `The functions of the database are those of another build of subctl ${program}`;
}

/** Below zero when `a` is before `b`, as semver orders them: 0.2.0-beta.1, 0.2.0-beta.2, 0.2.0. What follows a `+` does not count. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parse(a), parse(b)];
  return compareLists(left.numbers, right.numbers) || comparePrereleases(left.prerelease, right.prerelease);
}

function parse(version: string): { numbers: string[]; prerelease: string[] } {
  const [core = '', ...rest] = version.split('+')[0]!.split('-');
  return { numbers: core.split('.'), prerelease: rest.length > 0 ? rest.join('-').split('.') : [] };
}

/** A release is after its prereleases. */
function comparePrereleases(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length;
  return compareLists(a, b);
}

/** Numbers before words, numbers by their size, words by their letters; the longer of two that begin alike is later. */
function compareLists(a: readonly string[], b: readonly string[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const [left, right] = [a[at], b[at]];
    if (left === right) continue;
    if (left === undefined || right === undefined) return left === undefined ? -1 : 1;
    const [isLeft, isRight] = [left, right].map((one) => /^\d+$/.test(one));
    if (isLeft && isRight && Number(left) !== Number(right)) return Number(left) - Number(right);
    if (isLeft !== isRight) return isLeft ? -1 : 1;
    if (!isLeft) return left < right ? -1 : 1;
  }
  return 0;
}
