-- The credits that a use of `used_at` may take at `as_of`: the sum of burnable_grants, with what is due and nobody has written. The balance also
-- holds what was given after the use, and not what has expired since.
create or replace function subctl.spendable_credits(customer text, as_of timestamptz, used_at timestamptz) returns numeric
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
begin
  if $3 >= $2 and not exists (select from subctl.credit_entries e where e.customer_id = $1 and e.at > $2) then
    return subctl.credit_balance($1, $2);
  end if;
  return (select coalesce(sum(g.amount), 0) from subctl.burnable_grants($1, $2, $3) g)
       + (with due as (select * from subctl.due_credits($1, $2)), made as (
            select d.grant_id, d.at, d.amount, d.source_key, d.dead_at from due d where d.kind = 'grant'
          )
          select coalesce(sum(m.amount) filter (where m.at <= $3 and coalesce(m.dead_at > $3, true)
                                                  and m.source_key not like 'rollover:%'), 0)   -- what comes and goes unwritten
               + coalesce((select sum(d.amount - coalesce(r.amount, 0)) from due d
                             join subctl.credit_grants g on g.customer_id = $1 and g.id = d.grant_id and g.granted_at <= $3
                             left join made r on r.source_key = 'rollover:' || d.source_key
                            where d.kind = 'expire' and d.existing and d.at > $3), 0)
            from made m);
end $$;
