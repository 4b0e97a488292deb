import type { Change } from '../../scheduler/install/scheduler.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import { scopeOf, type Which } from './schedule-input.ts';

interface Said {
  dryRun: boolean;
  notes?: readonly string[];
  /** the lines that would change */
  text?: string;
}

function actionOf(before: string | undefined, after: string | undefined): string {
  if (before === undefined) return 'added';
  return after === undefined ? 'removed' : 'changed';
}

/** What installing and taking away say: each place with what became of it; for a dry run the lines themselves. */
export function outcomeOf(which: Which, changes: readonly Change[], said: Said): Outcome {
  const { dryRun, notes = [], text } = said;
  const places = changes.map(({ place, before, after }) => ({
    place,
    action: actionOf(before, after),
  }));
  const { kind } = which;
  const json = { kind, scope: scopeOf(which), dry_run: dryRun, changed: places.length > 0, places };
  const empty = 'Nothing to do: it is so already.';
  if (text !== undefined) return { text: text === '' ? `${empty}\n` : text, json, notes };
  return { columns: [{ key: 'place' }, { key: 'action' }], rows: places, empty, json, notes };
}
