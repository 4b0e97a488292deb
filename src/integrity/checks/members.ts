import type { Check } from '../check.ts';

/** Members are in groups, and leave after they joined. */
export const members: Check = {
  name: 'members',
  asserts: 'Members are in groups, and leave after they joined',
  findings: (db) => db`
    select m.customer_id as customer, 'members' as what, 'a group' as expected, c.kind as found
      from subctl.members m join subctl.customers c on c.id = m.customer_id where c.kind <> 'group' group by m.customer_id, c.kind
    union all
    select m.customer_id, 'leaving of ' || m.member_id, 'not before ' || subctl.iso(m.joined_at), subctl.iso(m.left_at)
      from subctl.members m where m.left_at < m.joined_at`,
};
