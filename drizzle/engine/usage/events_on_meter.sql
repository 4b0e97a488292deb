-- Returns what each event in [from_at, to_at) counts on a meter, for all customers: the rules of plan_rules, applied
-- to the events.
create or replace function subctl_internal.events_on_meter(meter text, from_at timestamptz, to_at timestamptz)
returns table (customer_id text, member_id text, at timestamptz, id uuid, amount numeric, session_id text)
language sql stable as $$
  select e.customer_id, e.member_id, e.at, e.id, coalesce(case
           when m.aggregation = 'count' then case when e.reverses is null then 1 else -1 end
           when e.kind = m.id and x.direct then e.quantity
           when m.field = 'quantity' then e.quantity
           when m.field = 'tokens' then e.tokens
           when m.field = 'cost' then e.cost
           when m.field = 'input' then e.input_tokens
           when m.field = 'output' then e.output_tokens
           else (e.units->>m.field)::numeric end, 0), e.session_id
    from subctl.meters m
    join subctl.usage_events e on e.at >= $2 and e.at < $3
   cross join lateral (select not exists (select 1 from subctl.kinds k where k.id = e.kind) as direct) x
   where m.id = $1
     and case when x.direct then e.kind = m.id or (m.field = 'cost' and m.kinds is null)
              else (m.kinds is null or e.kind = any (m.kinds)) and (m.tier is null or m.tier = e.tier)
               and (m.providers is null or e.provider = any (m.providers))
               and (m.models is null or lower(e.model) = any (lower(m.models::text)::text[])) end
$$;
