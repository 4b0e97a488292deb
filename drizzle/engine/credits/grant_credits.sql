-- Grants credits: a grant and its ledger entry, after everything that was due. The source key makes it idempotent: a
-- second call returns the id of the first grant. p_expires_at null means never. The amount must be positive.
create or replace function subctl_internal.grant_credits(
  p_customer text, p_amount numeric, p_source text, p_source_key text, p_priority int, p_granted_at timestamptz,
  p_expires_at timestamptz, p_reason text, p_change text) returns uuid
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_id uuid := subctl_internal.uuid7(p_granted_at);
begin
  if not exists (select 1 from subctl.customers c where c.id = p_customer) then
    raise exception 'There is no customer %', p_customer using errcode = 'SB003', hint = 'subctl customers list';
  end if;
  if p_amount is null or not (p_amount > 0 and p_amount < 'Infinity') then
    raise exception 'A grant of % credits is refused: the amount must be positive', p_amount using errcode = 'SB002';
  end if;
  if p_expires_at <= p_granted_at then
    raise exception 'A grant that expires at % is refused: that is not after %', subctl_internal.iso(p_expires_at),
      subctl_internal.iso(p_granted_at)
      using errcode = 'SB002', hint = 'Give a later --expires, or never';
  end if;
  perform subctl_internal.post_due_credits(array[p_customer], p_granted_at, p_change);
  insert into subctl.credit_grants (customer_id, id, source, source_key, amount, remaining, priority, granted_at,
                                    expires_at, reason, change_id)
  values (p_customer, v_id, p_source, p_source_key, p_amount, p_amount, p_priority, p_granted_at, p_expires_at,
          p_reason, p_change)
  on conflict (customer_id, source_key) do nothing;
  if not found then
    return (select g.id from subctl.credit_grants g where g.customer_id = p_customer and g.source_key = p_source_key);
  end if;
  insert into subctl.credit_entries (customer_id, id, grant_id, at, kind, amount, balance_after, reason, change_id)
  select p_customer, coalesce((select max(l.id) from subctl.credit_entries l where l.customer_id = p_customer), 0) + 1,
         v_id, p_granted_at, 'grant', p_amount, sum(g.remaining), p_reason, p_change
    from subctl.credit_grants g where g.customer_id = p_customer and g.expired_at is null;
  -- null means not known yet, and stays null
  update subctl.customer_windows s set credits_due_at = p_expires_at
   where s.customer_id = p_customer and s.credits_due_at > p_expires_at;
  return v_id;
end $$;
