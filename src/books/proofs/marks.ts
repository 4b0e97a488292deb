import { type Proof, keptFrom } from '../proof.ts';

/**
 * The running totals of rolling meters grow by what the events between two of them say, and no event after the first is left out. The first
 * one carries what came before it, so it is only the differences that are figures.
 */
export const marks: Proof = {
  name: 'running totals',
  proves: 'The running totals of rolling windows grow by what the events say, at the instants of the events',
  disagreements: (db) => db`
    with kept as (select ${keptFrom(db)} as since),
    firsts as (
      select m.customer_id, m.meter_id, m.subject, min(m.at) as at from subctl.usage_marks m cross join kept where m.at >= kept.since group by 1, 2, 3
    ), marked as (
      select m.customer_id, m.meter_id, m.subject, m.at, m.cum - lag(m.cum) over (partition by m.customer_id, m.meter_id, m.subject order by m.at) as amount
        from subctl.usage_marks m cross join kept where m.at >= kept.since
    ), used as (
      select f.customer_id, f.meter_id, f.subject, e.at, sum(e.amount) as amount
        from (select distinct meter_id from firsts) m
       cross join kept
       cross join lateral subctl.events_on_meter(m.meter_id, kept.since, 'infinity') e
        join firsts f on f.customer_id = e.customer_id and f.meter_id = m.meter_id and e.at > f.at and f.subject in ('', e.member_id)
       where e.amount <> 0
       group by 1, 2, 3, 4
    )
    select coalesce(m.customer_id, u.customer_id) as customer,
           concat_ws(' ', 'running total of', coalesce(m.meter_id, u.meter_id), nullif(coalesce(m.subject, u.subject), ''), 'at', subctl.iso(coalesce(m.at, u.at))) as what,
           '+' || trim_scale(coalesce(u.amount, 0)) as expected, coalesce('+' || trim_scale(m.amount), 'none') as found
      from (select * from marked where amount is not null) m
      full join used u on u.customer_id = m.customer_id and u.meter_id = m.meter_id and u.subject = m.subject and u.at = m.at
     where m.amount is distinct from u.amount`,
};
