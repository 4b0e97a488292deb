import { type Customer, findCustomer } from '../customers/find-customer.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';

/** Who an id is: a customer, a member of groups, or both. */
export interface Person {
  id: string;
  customer: Customer | undefined;
  /** the groups in which it is or was a member */
  groups: string[];
}

/** @throws Failure not_found when no customer and no member has the id */
export async function findPerson(db: Db, id: string): Promise<Person> {
  const customer = await findCustomer(db, id);
  const rows = await db<{ group: string }[]>`
    select customer_id as "group" from subctl.members where member_id = ${id} order by customer_id collate "C"`;
  if (customer || rows.length > 0) return { id, customer, groups: rows.map(({ group }) => group) };
  throw new Failure('not_found', `There is neither a customer nor a member '${id}'`, {
    hint: `Look for it: subctl customers list --search '${id.slice(0, 40)}'`,
  });
}
