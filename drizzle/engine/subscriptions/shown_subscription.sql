-- Returns what every page shows of a subscription at an instant, by its dates, whether or not tasks have written them;
-- past instants too (R9, R16). Pending columns are null after the change has happened and before it was requested. A
-- past period shows the catalog price if the subscription has another plan now. No row means that it had not begun.
create or replace function subctl_internal.shown_subscription(
  customer text, subscription uuid, as_of timestamptz, out plan_id text, out version int, out status text,
  out every text, out price numeric, out currency text, out quantity int, out pending_quantity int, out collection text,
  out period_start timestamptz, out period_end timestamptz, out anchor timestamptz, out renews boolean,
  out cancels boolean, out pending_plan text, out pending_version int, out pending_every text,
  out pending_price numeric, out pending_collection text, out pending_at timestamptz)
returns setof record
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_head subctl.subscriptions%rowtype;
  v_standing record;
  v_over boolean;       -- it has ended by its dates
  v_past boolean;       -- the instant is before the state of the row
  v_taken boolean;      -- the pending plan has started and is not written yet
  v_renewed boolean;    -- a later period than the written one
begin
  select x.* into v_head from subctl.subscriptions x where x.customer_id = $1 and x.id = $2 and x.started_at <= $3;
  if not found then return; end if;
  plan_id := v_head.plan_id; version := v_head.version; status := v_head.status; every := v_head.every;
  price := v_head.price; currency := v_head.currency; quantity := v_head.quantity;
  pending_quantity := nullif(v_head.pending_quantity, v_head.quantity); collection := v_head.collection;
  period_start := v_head.current_period_start; period_end := v_head.current_period_end; anchor := v_head.anchor;
  cancels := v_head.cancel_at_period_end and coalesce(v_head.canceled_at <= $3, true);
  renews := v_head.auto_renew and not v_head.cancel_at_period_end
    and v_head.current_period_end is distinct from v_head.ends_at and v_head.ended_at is null;
  if v_head.ended_at is null or v_head.ended_at > $3 then
    select x.* into v_standing from subctl_internal.effective_subscription($1, $3) x;
    v_over := v_standing.subscription_id is distinct from v_head.id or v_standing.status in ('canceled', 'expired');
    if v_over then
      status := case when v_head.cancel_at_period_end then 'canceled' else 'expired' end;
      renews := false;
      -- its state when it ended
      select x.* into v_standing from subctl_internal.effective_subscription($1, v_standing.since
                                                                             - interval '1 microsecond') x;
    else
      status := v_standing.status;
    end if;
    if v_standing.subscription_id = v_head.id then
      v_past := $3 < v_head.from_at or $3 < v_head.current_period_start;
      v_taken := not v_past and v_head.pending_plan_id is not null
        and $3 >= greatest(v_head.current_period_end, v_head.pending_at)
        and (v_standing.plan_id, v_standing.version, v_standing.every)
          = (v_head.pending_plan_id, v_head.pending_version, coalesce(v_head.pending_every, v_head.every));
      v_renewed := v_standing.period_start >= v_head.current_period_end and v_standing.status in ('trialing', 'active');
      plan_id := v_standing.plan_id; version := v_standing.version; every := v_standing.every;
      collection := v_standing.collection; anchor := v_standing.anchor;
      period_start := v_standing.period_start; period_end := v_standing.period_end;
      renews := renews or coalesce(not v_over and v_head.ended_at > $3 and v_standing.auto_renew, false);
      if v_taken then
        price := coalesce(v_head.pending_price, v_head.price);
        currency := coalesce(v_head.pending_currency, v_head.currency);
      elsif (v_standing.plan_id, v_standing.version, v_standing.every)
         <> (v_head.plan_id, v_head.version, v_head.every) then
        price := coalesce((select r.amount from subctl.plan_prices r
                            where r.plan_id = v_standing.plan_id and r.version = v_standing.version
                              and r."interval" = v_standing.every
                             and r.currency = v_head.currency), 0);
      end if;
      if v_taken or v_renewed and v_head.pending_plan_id is null then
        quantity := coalesce(v_head.pending_quantity, v_head.quantity); pending_quantity := null;
      end if;
      if v_head.pending_plan_id is not null and not v_taken and not v_past and not v_over then
        pending_plan := v_head.pending_plan_id; pending_version := v_head.pending_version;
        pending_every := coalesce(v_head.pending_every, v_head.every);
        pending_price := v_head.pending_price; pending_collection := v_head.pending_collection;
        pending_at := coalesce(v_head.pending_at, v_head.current_period_end);
        renews := not v_over and v_standing.auto_renew;
      end if;
      if not v_over and v_renewed then
        renews := v_head.auto_renew and not v_head.cancel_at_period_end
          and v_standing.period_end is distinct from v_head.ends_at;
      end if;
    end if;
  end if;
  return next;
end $$;
