-- Lists notifications to the operator about API keys of providers that expire within key_expiring_notice_days, or have
-- expired, and that the outbox lacks. Their customer is '': they belong to the installation. A key with a changed
-- expiry is notified again; an expired key once, however long ago it was.
create or replace function subctl_internal.due_key_notices(p_as_of timestamptz)
returns table (customer_id text, kind text, dedupe_key text, payload jsonb, due_at timestamptz)
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
begin
  return query
  select '', s.kind, s.key,
         jsonb_build_object('customer', '', 'key', k.name, 'provider', k.provider, 'last4', k.ending,
                            'expires', subctl_internal.local_text('', k.expires_at)),
         case when s.kind = 'key_expired' then k.expires_at else k.expires_at - make_interval(hours => 24 * d.days) end
    from subctl.provider_keys k
   cross join (select coalesce(subctl_internal.setting('key_expiring_notice_days')::int, 14) as days) d
   cross join lateral (
     select case when k.expires_at <= p_as_of then 'key_expired' else 'key_expiring' end as kind) x
   cross join lateral (
     select x.kind, concat_ws(':', x.kind, k.name, subctl_internal.iso(k.expires_at)) as key) s
   where k.expires_at <= p_as_of + make_interval(hours => 24 * d.days)
     and not exists (select 1 from subctl.notifications o where o.customer_id = '' and o.dedupe_key = s.key)
   order by k.expires_at, k.name;
end $$;
