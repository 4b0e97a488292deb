import type { Db } from '../database/connect.ts';
import type { Span } from './span.ts';

/** A group: its seats, its plan, and the usage and cost of its members in the span. */
export interface GroupRow {
  group: string;
  name: string | null;
  plan: string | null;
  status: string | null;
  members: number;
  /** null is unlimited */
  seats: number | null;
  uses: number;
  cost: string;
  /** members with usage */
  used_by: number;
}

/** Lists all groups with their plan, seats and usage in the span, by id. */
export async function listGroups(db: Db, { from, to }: Span): Promise<GroupRow[]> {
  return db<GroupRow[]>`
    select c.id as "group", c.name, e.plan_id as plan, case when e.plan_id is not null then e.status end as status,
           (select count(*)::int from subctl.members m where m.customer_id = c.id and m.left_at is null) as members, v.max_users as seats,
           u.uses, trim_scale(u.cost)::text as cost, u.used_by
      from subctl.customers c
     cross join lateral subctl_internal.effective_subscription(c.id, ${to}) e
      left join subctl.plan_versions v on v.plan_id = e.plan_id and v.version = e.version
     cross join lateral (
       select count(*)::int as uses, coalesce(sum(x.cost), 0) as cost, count(distinct x.member_id)::int as used_by
         from subctl.usage_events x where x.customer_id = c.id and x.at >= ${from} and x.at < ${to}) u
     where c.kind = 'group'
     order by c.id`;
}
