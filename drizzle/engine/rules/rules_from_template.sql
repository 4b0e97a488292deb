-- Creates a customer's rules for a use without valid ones, from the plan's template of such uses (rule_templates), and
-- opens its windows as decide_usage would, at half of its cost. Returns true where the customer now has rules for this
-- use. Returns false, with nothing written, where the use must be decided: the row of the subscription does not give
-- the standing (find_standing); the customer has limits of its own, several zones or windows that its plan does not
-- count; its key is known; its open windows belong to another plan; credits are due; or its windows need more than to
-- be opened (open_template_windows). The first use of a customer without a subscription adopts the rules of another's
-- (adopt_rules). Rules: R1, R4, R7, R19. The caller holds the customer's row.
create or replace function subctl_internal.rules_from_template(
  request subctl.usage_request, p_now timestamptz, p_is_plain boolean) returns boolean
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  standing subctl.usage_standing;
  tally subctl.usage_tally;
  template subctl.rule_templates;
  made subctl.customer_priced_rules;
  v_zone text;
  v_month tstzrange;
begin
  standing.now := p_now;
  standing.at := coalesce(request.at, p_now);
  select t.generation, s.ids, s.starts, s.ends, t.used, s.refused, s.credits_due_at, s.uncounted_until,
         s.plan_id is not null, subctl_internal.zone_of(request.customer, standing.at),
         u.id, coalesce(u.plan_id, p.id), coalesce(u.version, p.current_version), coalesce(u.epoch, 0),
         u.anchor, u.anchor_timezone, u.current_period_start, u.current_period_end, u.usage_reset_at,
         greatest(s.uncounted_until, u.from_at, u.current_period_start, u.usage_reset_at),
         least(u.current_period_end, u.pending_at, u.ends_at, case when u.collection = 'invoice' then (
           select min(i.due_at) from subctl.invoices i
            where i.customer_id = request.customer and i.subscription_id = u.id and i.status = 'open') end)
    into tally.generation, tally.ids, tally.starts, tally.ends, tally.used, tally.refused, tally.credits_due_at,
         tally.uncounted_until, tally.has_history, v_zone,
         standing.subscription_id, standing.plan_id, standing.version, standing.epoch,
         standing.anchor, standing.anchor_timezone, standing.period_start, standing.period_end, standing.usage_from,
         made.live_from, made.live_until
    from subctl.customers c
    join subctl.usage_totals t on t.customer_id = request.customer
    join subctl.customer_windows s on s.customer_id = request.customer
    left join subctl.subscriptions u
      on u.customer_id = request.customer and u.status in ('trialing', 'active', 'past_due', 'paused')
    left join subctl.plans p on p.is_default and u.id is null
   where c.id = request.customer and c.disabled_at is null and not c.has_overrides
     and (u.id is null or u.status in ('trialing', 'active'))
     and (s.plan_id is null and s.epoch = 0 and s.ids = '{}' and t.used = '{}' and t.rolled is null
            and s.uncounted_until is null
          or s.subscription_id is not distinct from u.id and s.epoch = coalesce(u.epoch, 0)
            and s.plan_id = coalesce(u.plan_id, p.id) and s.version = coalesce(u.version, p.current_version))
     and not exists (
       select 1 from subctl.customer_zones z where z.customer_id = request.customer and isfinite(z.from_at));
  if not found or standing.plan_id is null
     or not tally.has_history and tally.generation > 0 and (
       exists (select 1 from subctl.usage_counters k where k.customer_id = request.customer)
       or exists (select 1 from subctl.usage_rolling_totals k where k.customer_id = request.customer)) then
    return false;
  end if;
  if standing.subscription_id is null then
    if not tally.has_history then
      return coalesce(subctl_internal.adopt_rules(array[request], p_now, '{null}') > 0, false);
    end if;
    if standing.at < p_now - interval '1 hour' or exists (
         select 1 from subctl.subscriptions u where u.customer_id = request.customer)
       or exists (select 1 from subctl.usage_resets r where r.customer_id = request.customer) then
      return false;
    end if;
    perform subctl_internal.check_write_time(p_now);
    v_month := subctl_internal.zone_window('anchored_month', standing.at, v_zone, 1);
    standing.period_start := lower(v_month);
    standing.period_end := upper(v_month);
    standing.usage_from := standing.period_start;
    made.live_from := greatest(made.live_from, standing.at);
    made.live_until := standing.period_end;
  end if;
  if (standing.at >= made.live_from and standing.at < made.live_until
      and standing.at between p_now - interval '24 hours' and p_now + interval '5 minutes') is not true
     or request.key is not null and exists (
       select 1 from subctl.usage_keys k where k.customer_id = request.customer and k.key = request.key) then
    return false;
  end if;

  select * into template
    from subctl.rule_templates m
   where m.plan_id = standing.plan_id and m.version = standing.version and m.kind = request.kind
     and m.provider = coalesce(request.provider, '') and m.model = coalesce(request.model, '')
     and m.is_plain = p_is_plain and m.has_tokens = (num_nonnulls(request.input_tokens, request.output_tokens) > 0)
     and m.catalog = pg_sequence_last_value('subctl.catalog_generation')
     and (m.priced_from is null or standing.at >= m.priced_from)
     and (m.priced_until is null or standing.at < m.priced_until);
  if not found
     or request.mode = 'reserve' and 'rolling_hour' = any (template.window_kinds)
     or template.credit_cost is not null and (
       request.at is not null or not tally.has_history or (p_now < tally.credits_due_at) is not true) then
    return false;
  end if;
  made.customer_id := request.customer;
  if template.credit_cost is not null then
    made := subctl_internal.credit_rules(made, standing, template.credit_cost, tally.credits_due_at);
    if standing.at >= made.live_until then return false; end if;
  end if;
  if not tally.has_history then tally.credits_due_at := '-infinity'; end if;
  made.kind := template.kind;
  made.provider := template.provider;
  made.model := template.model;
  made.generation := tally.generation;
  made.catalog := template.catalog;
  made.canonical := template.canonical;
  made.subscription_id := standing.subscription_id;
  made.plan_id := standing.plan_id;
  made.version := standing.version;
  made.live_from := greatest(made.live_from, template.priced_from);
  made.live_until := least(made.live_until, template.priced_until);
  made.opening := concat('{"allowed": true, "reason": null, "customer": ', to_json(made.customer_id), template.opening);
  if not template.is_plain then
    made.has_tokens := template.has_tokens;
    made.used_provider := template.used_provider;
    made.tier := template.tier;
    made.rates := template.rates;
    made.price_from := template.price_from;
    made.price_provider := template.price_provider;
  end if;
  return subctl_internal.open_template_windows(made, standing, template, tally, v_zone);
end $$;
