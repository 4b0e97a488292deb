import type { Change } from '../../scheduler/install/scheduler.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import { scopeOf, type Which } from './schedule-input.ts';

interface Details {
  dryRun: boolean;
  notes?: readonly string[];
  /** the lines that would change, for a dry run */
  text?: string;
}

function actionOf(before: string | undefined, after: string | undefined): string {
  if (before === undefined) return 'added';
  return after === undefined ? 'removed' : 'changed';
}

/** The output of install and uninstall: each place with its action, or for a dry run the changed lines. */
export function outcomeOf(which: Which, changes: readonly Change[], details: Details): Outcome {
  const { dryRun, notes = [], text } = details;
  const places = changes.map(({ place, before, after }) => ({
    place,
    action: actionOf(before, after),
  }));
  const { kind } = which;
  const json = { kind, scope: scopeOf(which), dry_run: dryRun, changed: places.length > 0, places };
  const empty = 'Nothing to do: it is up to date.';
  if (text !== undefined) return { text: text === '' ? `${empty}\n` : text, json, notes };
  return { columns: [{ key: 'place' }, { key: 'action' }], rows: places, empty, json, notes };
}
