import { Failure } from '../../domain/failure.ts';
import { lineDiff } from './line-diff.ts';
import type { ArtefactFile } from '../render/installation.ts';

/** One place of the host that is changed: a file, or the crontab of an account. Undefined: it is not there. */
export interface Change {
  place: string;
  before: string | undefined;
  after: string | undefined;
  /** what is in it is not shown */
  secret?: boolean;
}

/** Something of this host that starts programs by the clock. */
export interface Scheduler {
  /** whether it is at work on this host, in words */
  state(): Promise<{ running: boolean; about: string }>;
  /** @throws Failure unavailable where nothing could be switched on, so that nothing is written either */
  ready(): Promise<void>;
  /** Our texts that are installed now, by their place. */
  installed(): Promise<ReadonlyMap<string, string>>;
  /**
   * What would change so that exactly `files` are installed; without files, so that nothing of ours is. What is not ours is left alone.
   * @throws Failure conflict for a place that somebody else has
   */
  compare(files: readonly ArtefactFile[]): Promise<Change[]>;
  /** Makes the changes that `compare` gave, and switches on what was installed. Gives what the person should know. */
  apply(changes: readonly Change[]): Promise<string[]>;
}

/** The changes that change something. */
export const realChanges = (changes: readonly Change[]): Change[] =>
  changes.filter(({ before, after }) => before !== after);

/** The changes as people read them: the place, and its lines with `+ ` and `- `. */
export function textOfChanges(changes: readonly Change[]): string {
  return changes
    .map(({ place, before = '', after = '', secret }) => {
      const hidden = [after === '' ? '- (a secret)' : '+ (a secret, not shown)'];
      return `--- ${place}\n${(secret ? hidden : lineDiff(before, after)).join('\n')}\n`;
    })
    .join('\n');
}

/** @throws Failure conflict: the place is taken by something that subctl has not written */
export function foreign(place: string): Failure {
  return new Failure('conflict', `${place} is there and was not written by subctl schedule`, {
    hint: 'move it away first, or print the schedule and put it in by hand',
  });
}
