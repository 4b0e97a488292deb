import { realChanges, type Scheduler } from '../../scheduler/install/scheduler.ts';
import { madeByIn } from '../../scheduler/render/installation.ts';
import { nextInstant } from '../../scheduler/next.ts';
import type { Context } from '../context.ts';
import { filesOf, type Printed } from './files-of.ts';
import { missingOf } from './permanent-paths.ts';
import { openScheduler } from './open-scheduler.ts';
import { readMadeBy, type ScheduleInput, scopeOf, type Which } from './schedule-input.ts';

/** State of the timetable in one scheduler of this host. */
export interface Status {
  kind: ScheduleInput['kind'];
  scope: 'user' | 'system';
  state: 'installed' | 'differs' | 'not installed' | 'cannot be read';
  /** time and task of the next start */
  next_at: Date | null;
  next_task: string | null;
  /** whether the scheduler is running on this host */
  running: boolean;
  about: string;
  /** command that prints the installed text */
  made_by: string | null;
  /** places that differ from the output of this version */
  differs: string[];
  /** started files that do not exist */
  missing: string[];
}

const nothing = {
  state: 'not installed',
  next_at: null,
  next_task: null,
  made_by: null,
  differs: [],
  missing: [],
};

/** Examines one scheduler: renders the installed text again with its own options and compares. */
export async function statusOf(context: Context, which: Which): Promise<Status> {
  const scheduler = await openScheduler(context, which);
  const state = await scheduler.state();
  const row = { kind: which.kind, scope: scopeOf(which), ...nothing, ...state } as Status;
  const texts = await scheduler.installed().catch((error: Error) => error);
  if (texts instanceof Error) return { ...row, about: texts.message, state: 'cannot be read' };
  if (texts.size === 0) return row;
  const made = [...texts.values()].flatMap((text) => madeByIn(text) ?? [])[0];
  const printed = await filesOf(context, { ...readMadeBy(which.kind, made ?? ''), ...which });
  const differs = await differencesOf(scheduler, printed);
  const missing = missingOf(texts.values());
  const made_by = made === undefined ? null : `subctl ${made}`;
  const next = await nextOf(context, printed);
  return {
    ...row,
    ...next,
    made_by,
    differs,
    missing,
    state: differs.length === 0 ? 'installed' : 'differs',
  };
}

/** Returns the places whose text differs. An unreadable text (before: '') only needs to exist. */
async function differencesOf(scheduler: Scheduler, { files }: Printed): Promise<string[]> {
  const changes = realChanges(await scheduler.compare(files));
  return changes
    .filter(({ before, after }) => before !== '' || after === undefined)
    .map(({ place }) => place);
}

async function nextOf(
  context: Context,
  { entries, zone }: Printed,
): Promise<Pick<Status, 'next_at' | 'next_task'>> {
  if (entries.length === 0) return { next_at: null, next_task: null };
  const now = await context.now();
  const all = entries.map(({ task, expression }) => ({
    task,
    at: nextInstant({ cron: expression.text, timezone: zone }, now),
  }));
  const { task, at } = all.reduce((first, one) => (one.at < first.at ? one : first));
  return { next_at: at, next_task: task };
}

/** Sentences for the footer about problems of one scheduler. */
export function sentencesOf({ kind, scope, state, running, about, differs, missing }: Status): string[] {
  const name = `${kind} (${scope})`;
  if (state === 'not installed') return [];
  if (state === 'cannot be read') return [`${name}: ${about}`];
  const diff = `to show the changes: subctl schedule install ${kind} --${scope} --dry-run`;
  return [
    ...(running ? [] : [`${name}: ${about}`]),
    ...(missing.length > 0
      ? [
          `${name} starts missing files (${missing.join(', ')}): install the program again, then run subctl schedule install ${kind} --${scope}`,
        ]
      : []),
    ...(state === 'differs'
      ? [`${name} differs from the output of this version (${differs.join(', ')}); ${diff}`]
      : []),
  ];
}
