-- Lists grants whose expiry disagrees with their dates, with what is left of them, or with the ledger.
create or replace view subctl.integrity_expired_grants as
select g.customer_id, 'left of expired grant ' || g.source_key as subject, '0' as expected,
       trim_scale(g.remaining)::text as found
  from subctl.credit_grants g where g.expired_at is not null and g.remaining <> 0
union all
select g.customer_id, 'end of grant ' || g.source_key, coalesce(subctl_internal.iso(g.expires_at), 'never'),
       subctl_internal.iso(g.expired_at)
  from subctl.credit_grants g where g.expired_at is not null and g.expired_at is distinct from g.expires_at
union all
select e.customer_id, 'expiry of grant ' || coalesce(g.source_key, e.grant_id::text), 'an expired grant',
       'a live one'
  from subctl.credit_entries e
  join subctl.credit_grants g on g.customer_id = e.customer_id and g.id = e.grant_id
 where e.kind = 'expire' and g.expired_at is null;
comment on view subctl.integrity_expired_grants is
  'R22: An expired grant has nothing left, expired at its end, and has its entry in the ledger';
