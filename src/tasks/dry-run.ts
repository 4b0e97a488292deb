import type { Connection, Db } from '../database/connect.ts';
import { inDryRun } from '../database/dry-run.ts';
import { inSavepoint } from '../database/savepoint.ts';
import { isOfTheData, sentenceOf } from '../database/dead-letters.ts';
import { applyPart, noPart } from './parts.ts';
import type { DueRow, RowTask } from './task.ts';
import type { TaskOptions } from './task-options.ts';

/**
 * The rows of a run that begins with `rows`. Customers who may be due again after their first row are done one after the other and
 * undone, so that what is shown is what a run does: each missed period, what follows a pause, and what would be parked, with its reason.
 */
export async function dryRun(
  connection: Connection,
  task: RowTask,
  ask: TaskOptions,
  rows: readonly DueRow[],
): Promise<DueRow[]> {
  const again = await task.again?.(connection, ask, rows);
  if (!again || again.size === 0) return [...rows];
  const shown = rows.filter(({ customer }) => !again.has(customer));
  for (const customer of again)
    shown.push(...(await inDryRun(connection, (tx) => stepsOf(tx, task, { ...ask, customer }))));
  return shown;
}

async function stepsOf(tx: Db, task: RowTask, ask: TaskOptions & { customer: string }): Promise<DueRow[]> {
  const change = { id: 'rehearsal', at: ask.asOf, actor: 'nobody', reason: null };
  const steps: DueRow[] = [];
  const seen = new Set<string>();
  for (;;) {
    const due = await task.due(tx, ask, null);
    if (due.length === 0 || due.every((row) => seen.has(keyOf(row)))) return steps;
    for (const row of due) seen.add(keyOf(row));
    try {
      await inSavepoint(tx, async (inner) => {
        let part = noPart();
        do part = await applyPart(inner, task, { ask, customers: [ask.customer], change, before: part });
        while (part.begun.size > 0);
      });
    } catch (error) {
      if (!isOfTheData(error)) throw error;
      return [...steps, { ...due[0]!, action: 'park', reason: sentenceOf(error) }];
    }
    steps.push(...due);
  }
}

/** What tells a row from the next one of the same customer. */
export function keyOf({ customer, subject, action, due_at: at }: DueRow): string {
  return [customer, subject, action, at.getTime()].join('\u0000');
}
