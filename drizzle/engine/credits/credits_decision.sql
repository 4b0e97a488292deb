-- Returns the credits of an allowed use for its answer: used and left; for a reservation held and available.
create or replace function subctl_internal.credits_decision(
  verdict subctl.usage_verdict, reserves boolean) returns jsonb
language plpgsql immutable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  held numeric := coalesce(verdict.held_credits, 0);
begin
  if reserves then
    return jsonb_build_object(
      'held', trim_scale(held + verdict.credits)::text, 'balance', trim_scale(verdict.balance + verdict.credits)::text,
      'available', trim_scale(verdict.balance - held)::text);
  end if;
  return jsonb_build_object('used', trim_scale(verdict.credits)::text, 'balance', trim_scale(verdict.balance)::text)
    || subctl_internal.reserved_json(verdict.held_credits, verdict.balance);
end $$;
