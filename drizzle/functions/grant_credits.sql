-- Gives credits: a grant and its ledger row. The source key makes it happen once: a second call returns the first grant's id.
-- `expires_at` null is never. Amounts must be positive.
create or replace function subctl.grant_credits(
  customer text, amount numeric, source text, source_key text, priority int, granted_at timestamptz, expires_at timestamptz,
  reason text, change text) returns uuid
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  p_customer alias for $1; p_amount alias for $2; p_source alias for $3; p_key alias for $4; p_priority alias for $5;
  p_at alias for $6; p_expires alias for $7; p_reason alias for $8; p_change alias for $9;
  v_id uuid := subctl.uuid7(p_at);
begin
  if not exists (select 1 from subctl.customers c where c.id = p_customer) then
    raise exception 'There is no customer %', p_customer using errcode = 'SB003', hint = 'subctl customers list';
  end if;
  if p_amount is null or not (p_amount > 0 and p_amount < 'Infinity') then
    raise exception 'A grant of % credits is refused: the amount must be positive', p_amount using errcode = 'SB002';
  end if;
  if p_expires <= p_at then
    raise exception 'A grant that expires at % is refused: that is not after %', subctl.iso(p_expires), subctl.iso(p_at)
      using errcode = 'SB002', hint = 'Give a later --expires, or never';
  end if;
  perform subctl.post_due_credits(array[p_customer], p_at, p_change);
  insert into subctl.credit_grants (customer_id, id, source, source_key, amount, remaining, priority, granted_at, expires_at, reason, change_id)
  values (p_customer, v_id, p_source, p_key, p_amount, p_amount, p_priority, p_at, p_expires, p_reason, p_change)
  on conflict (customer_id, source_key) do nothing;
  if not found then
    return (select g.id from subctl.credit_grants g where g.customer_id = p_customer and g.source_key = p_key);
  end if;
  insert into subctl.credit_entries (customer_id, id, grant_id, at, kind, amount, balance_after, reason, change_id)
  select p_customer, coalesce((select max(l.id) from subctl.credit_entries l where l.customer_id = p_customer), 0) + 1, v_id, p_at, 'grant', p_amount, sum(g.remaining), p_reason, p_change
    from subctl.credit_grants g where g.customer_id = p_customer and g.expired_at is null;
  -- null is "not known yet" and stays so
  update subctl.usage_state s set credits_due_at = p_expires where s.customer_id = p_customer and s.credits_due_at > p_expires;
  return v_id;
end $$;
