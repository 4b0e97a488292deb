import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';

/** @throws Failure not_found for a customer that does not exist: a run for nobody would look like one with nothing to do */
export async function getCustomerId(db: Db, id: string): Promise<string> {
  const [row] = await db<{ id: string }[]>`select id from subctl.customers where id = ${id}`;
  if (!row)
    throw new Failure('not_found', `There is no customer '${id}'`, { hint: 'see: subctl customers list' });
  return row.id;
}
