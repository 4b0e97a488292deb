import { eq } from 'drizzle-orm';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { orm } from '../database/orm.ts';
import { plans } from '../database/schema/plans.ts';
import { Failure } from '../domain/failure.ts';
import type { Assignment } from './assignment.ts';
import { type Refused, assignMany } from './assign-many.ts';

export interface AllRequest extends Omit<Assignment, 'customer' | 'plan'> {
  /** the default plan by default */
  plan?: string | undefined;
  onReject: (row: Refused) => Promise<void>;
  onProgress: (done: number) => void;
}

export interface AllDone {
  plan: string;
  assigned: number;
  rejected: number;
}

/** The first batch is small, so that statistics exist for the others. */
const firstBatch = 500;
const batchSize = 5_000;

/**
 * Assigns a plan to every customer without a live subscription, in batches by id; disabled customers are left out.
 * @throws Failure refused when there is no default plan and none is given
 */
export async function assignAllWithoutPlan(tx: Db, change: Change, request: AllRequest): Promise<AllDone> {
  const { onReject, onProgress, ...terms } = request;
  const plan = terms.plan ?? (await getDefaultPlan(tx));
  const total = { plan, assigned: 0, rejected: 0 };
  let after = '';
  for (;;) {
    const ids = await findWithoutPlan(tx, change.at, { after, limit: after === '' ? firstBatch : batchSize });
    if (ids.length === 0) return total;
    after = ids.at(-1)!;
    const done = await assignMany(
      tx,
      change,
      ids.map((customer) => ({ ...terms, plan, customer, line: 0 })),
    );
    total.assigned += done.assigned;
    total.rejected += done.rejected.length;
    for (const rejected of done.rejected) await onReject(rejected);
    onProgress(total.assigned);
  }
}

async function findWithoutPlan(
  tx: Db,
  now: Date,
  { after, limit }: { after: string; limit: number },
): Promise<string[]> {
  const rows = await tx<{ id: string }[]>`
    select c.id from subctl.customers c
     where c.id > ${after} and (c.disabled_at is null or c.disabled_at > ${now})
       and not exists (select from subctl.subscriptions s
                        where s.customer_id = c.id and s.status in ('trialing', 'active', 'past_due', 'paused'))
     order by c.id limit ${limit}`;
  return rows.map(({ id }) => id);
}

async function getDefaultPlan(tx: Db): Promise<string> {
  const [row] = await orm(tx).select({ id: plans.id }).from(plans).where(eq(plans.isDefault, true));
  if (row) return row.id;
  throw new Failure('refused', 'There is no default plan', {
    hint: 'Give a plan: subctl assign PLAN --all-without-plan; list plans: subctl plans list',
  });
}
