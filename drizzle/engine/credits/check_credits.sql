-- Checks whether the credits of a customer suffice for `verdict.credits` and returns the balance afterwards; spends
-- none. The balance is null where they do not. For a past instant, what expired grants left unused can be spent too,
-- and is in no balance (R13).
create or replace function subctl_internal.check_credits(
  request subctl.usage_request, standing subctl.usage_standing, verdict subctl.usage_verdict)
returns subctl.usage_verdict
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  spendable numeric;
begin
  if standing.is_new then
    verdict.balance := (select coalesce(v.credits, 0) from subctl.plan_versions v
                         where v.plan_id = standing.plan_id and v.version = standing.version);
  else
    verdict.balance := subctl_internal.credit_balance(request.customer, standing.now);
  end if;
  spendable := case
    when standing.is_new or verdict.credits = 0 then verdict.balance
    else subctl_internal.spendable_credits(request.customer, standing.now, least(standing.at, standing.now)) end;
  if spendable < verdict.credits and request.already_spent then
    verdict.credits := spendable;
    verdict.is_overage := true;
  end if;
  verdict.balance := case
    when spendable - verdict.credits >= coalesce(verdict.held_credits, 0) or verdict.credits = 0 then
      verdict.balance - verdict.credits end;
  if standing.at < standing.now and verdict.balance is not null and verdict.credits > 0 then
    verdict.balance := verdict.balance + (
      select coalesce(sum(least(g.amount, greatest(verdict.credits - g.before, 0))), 0)
        from (select l.amount, l.over, sum(l.amount) over (
                       order by l.priority, l.expires_at nulls last, l.granted_at, l.id) - l.amount as before
                from subctl_internal.projected_grants(request.customer, standing.now, standing.at) l) g
       where g.over);
  end if;
  return verdict;
end $$;
