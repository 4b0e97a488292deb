-- Explains the credits of a recorded use: the grants that paid, in the recorded order (R21). Null where its kind costs
-- none.
create or replace function subctl_internal.explain_credits(
  p_customer text, p_at timestamptz, p_event uuid) returns jsonb
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
begin
  return (
    select jsonb_build_object(
             'used', trim_scale(used.credits)::text, 'quantity', trim_scale(used.quantity)::text,
             'each', case when used.quantity <> 0 and used.result[2] is distinct from 1 then
               trim_scale(used.credits / used.quantity)::text end,
             'balance', trim_scale(used.result[1])::text, 'rule', 'R21',
             'grants', (
               select coalesce(jsonb_agg(jsonb_build_object(
                        'grant', g.id, 'source', g.source, 'priority', g.priority,
                        'expires_at', subctl_internal.iso(g.expires_at),
                        'granted_at', subctl_internal.iso(g.granted_at),
                        'amount', trim_scale(-e.amount)::text, 'balance_after', trim_scale(e.balance_after)::text,
                        'entry', e.id) order by e.id), '[]')
                 from subctl.credit_entries e
                 left join subctl.credit_grants g on g.customer_id = p_customer and g.id = e.grant_id
                where e.customer_id = p_customer and e.event_id = p_event))
      from subctl.usage_events used
     where used.customer_id = p_customer and used.at = p_at and used.id = p_event and used.credits is not null);
end $$;
