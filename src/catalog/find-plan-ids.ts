import type { Db } from '../database/connect.ts';
import { orm } from '../database/orm.ts';
import { plans } from '../database/schema/plans.ts';
import { Failure } from '../domain/failure.ts';
import { nearest } from '../domain/nearest.ts';

/** Checks that plans of these ids exist. @throws Failure not_found for the first that does not */
export async function findPlanIds(db: Db, asked: readonly string[]): Promise<void> {
  if (asked.length === 0) return;
  const ids = (await orm(db).select({ id: plans.id }).from(plans)).map(({ id }) => id);
  const missing = asked.find((id) => !ids.includes(id));
  if (missing === undefined) return;
  const near = nearest(missing, ids);
  throw new Failure('not_found', `There is no plan '${missing}'${near ? `, did you mean ${near}?` : ''}`, {
    hint: 'subctl plans list',
  });
}
