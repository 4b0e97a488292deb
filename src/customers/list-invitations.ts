import type { Row } from '../database/columns.ts';
import type { Db } from '../database/connect.ts';
import type { invitations } from '../database/schema/invitations.ts';
import { checkManager } from './check-manager.ts';
import { needCustomer } from './find-customer.ts';

export interface ListedInvitation
  extends
    Record<string, unknown>,
    Pick<Row<typeof invitations>, 'ending' | 'role' | 'used' | 'uses' | 'created_at' | 'expires_at'> {
  state: 'open' | 'used up' | 'expired' | 'revoked';
}

/** Lists the invitations of a group that are open at `now`, oldest first; with `all` the others too. Failure not_found. */
export async function listInvitations(
  db: Db,
  {
    customer,
    now,
    all,
    asMember,
  }: { customer: string; now: Date; all: boolean; asMember?: string | undefined },
): Promise<ListedInvitation[]> {
  await needCustomer(db, customer);
  await checkManager(db, { customer, asMember });
  return db<ListedInvitation[]>`
    select i.ending, s.state, i.role, i.used, i.uses, i.created_at, i.expires_at
      from subctl.invitations i
     cross join lateral (select case when i.revoked_at <= ${now} then 'revoked' when i.used >= i.uses then 'used up'
                                     when i.expires_at <= ${now} then 'expired' else 'open' end as state) s
     where i.customer_id = ${customer} and (${all} or s.state = 'open')
     order by i.created_at, i.id`;
}
