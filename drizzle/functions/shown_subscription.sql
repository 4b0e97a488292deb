-- What every page shows of a subscription at an instant: by its dates, whether or not a task has written them, past instants too (R9, R16). What
-- waits is null once it is taken, and where it did not wait yet. No row: it had not begun. A past period has the price that it was sold at by
-- the catalogue, where the head has another plan now.
create or replace function subctl.shown_subscription(
  customer text, subscription uuid, as_of timestamptz,
  out plan_id text, out version int, out status text, out every text, out price numeric, out currency text, out quantity int,
  out pending_quantity int, out collection text, out period_start timestamptz, out period_end timestamptz, out anchor timestamptz,
  out renews boolean, out cancels boolean, out pending_plan text, out pending_version int, out pending_every text, out pending_price numeric,
  out pending_collection text, out pending_at timestamptz)
returns setof record
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  s subctl.subscriptions%rowtype;
  e record;
  v_over boolean;       -- it has ended by its dates
  v_past boolean;       -- the instant lies before what the head says
  v_taken boolean;      -- the plan that waits holds, and nobody has written that
  v_renewed boolean;    -- another period than the written one
begin
  select x.* into s from subctl.subscriptions x where x.customer_id = $1 and x.id = $2 and x.started_at <= $3;
  if not found then return; end if;
  plan_id := s.plan_id; version := s.version; status := s.status; every := s.every; price := s.price; currency := s.currency; quantity := s.quantity;
  pending_quantity := nullif(s.pending_quantity, s.quantity); collection := s.collection; period_start := s.current_period_start;
  period_end := s.current_period_end; anchor := s.anchor; cancels := s.cancel_at_period_end and coalesce(s.canceled_at <= $3, true);
  renews := s.auto_renew and not s.cancel_at_period_end and s.current_period_end is distinct from s.ends_at and s.ended_at is null;
  if s.ended_at is null or s.ended_at > $3 then
    select x.* into e from subctl.effective_subscription($1, $3) x;
    v_over := e.subscription_id is distinct from s.id or e.status in ('canceled', 'expired');
    if v_over then
      status := case when s.cancel_at_period_end then 'canceled' else 'expired' end;
      renews := false;
      select x.* into e from subctl.effective_subscription($1, e.since - interval '1 microsecond') x;   -- as it was when it ended
    else
      status := e.status;
    end if;
    if e.subscription_id = s.id then
      v_past := $3 < s.from_at or $3 < s.current_period_start;
      v_taken := not v_past and s.pending_plan_id is not null and $3 >= greatest(s.current_period_end, s.pending_at)
                 and (e.plan_id, e.version, e.every) = (s.pending_plan_id, s.pending_version, coalesce(s.pending_every, s.every));
      v_renewed := e.period_start >= s.current_period_end and e.status in ('trialing', 'active');
      plan_id := e.plan_id; version := e.version; every := e.every; collection := e.collection; anchor := e.anchor;
      period_start := e.period_start; period_end := e.period_end;
      renews := renews or coalesce(not v_over and s.ended_at > $3 and e.auto_renew, false);
      if v_taken then
        price := coalesce(s.pending_price, s.price); currency := coalesce(s.pending_currency, s.currency);
      elsif (e.plan_id, e.version, e.every) <> (s.plan_id, s.version, s.every) then
        price := coalesce((select r.amount from subctl.plan_prices r where r.plan_id = e.plan_id and r.version = e.version and r."interval" = e.every
                             and r.currency = s.currency), 0);
      end if;
      if v_taken or v_renewed and s.pending_plan_id is null then
        quantity := coalesce(s.pending_quantity, s.quantity); pending_quantity := null;
      end if;
      if s.pending_plan_id is not null and not v_taken and not v_past and not v_over then
        pending_plan := s.pending_plan_id; pending_version := s.pending_version; pending_every := coalesce(s.pending_every, s.every);
        pending_price := s.pending_price; pending_collection := s.pending_collection; pending_at := coalesce(s.pending_at, s.current_period_end);
        renews := not v_over and e.auto_renew;
      end if;
      if not v_over and v_renewed then renews := s.auto_renew and not s.cancel_at_period_end and e.period_end is distinct from s.ends_at; end if;
    end if;
  end if;
  return next;
end $$;
