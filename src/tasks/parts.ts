import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import type { RowTask } from './task.ts';
import type { TaskOptions } from './task-options.ts';

/** What one transaction does of some customers, and who of them has more to be done: since when, and how much. */
export interface Part {
  done: number;
  begun: Map<string, string>;
}

/**
 * Applies a task to customers: the first part of what was missed, or the next one after `before`. Where a part has changed nothing there is
 * no next one, so that parts come to an end.
 */
export async function applyPart(
  tx: Db,
  task: RowTask,
  {
    ask,
    customers,
    change,
    before,
  }: { ask: TaskOptions; customers: readonly string[]; change: Change; before: Part },
): Promise<Part> {
  const done = before.done + (await task.apply(tx, ask, customers, change));
  const rows = (await task.begun?.(tx, ask, customers)) ?? [];
  const begun = new Map(rows.map(({ customer, since, left }) => [customer, `${since.getTime()} ${left}`]));
  const hasMoved =
    begun.size !== before.begun.size || [...begun].some(([id, state]) => before.begun.get(id) !== state);
  return { done, begun: hasMoved ? begun : new Map() };
}

export const noPart = (): Part => ({ done: 0, begun: new Map() });
