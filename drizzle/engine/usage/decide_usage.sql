-- Decides one use and, in the modes that record, records it: every matching meter, its windows, credits, cost and
-- alerts in one transaction, correct under any concurrency (docs/usage.md defines the answer). Modes: `record`;
-- `record_locked` for batches, which have locked the customer; `reserve` decides and locks as `record` does and
-- returns in `holds` what to reserve; `check` writes nothing; `check_all` shows every limit before the use with the
-- requested amount, and insufficient credits beside exceeded limits (R8). Order: request, the customer's row, key,
-- standing, measure, count, limits, credits, writes. Every writer locks the row before the key, so that there are no
-- deadlocks. A customer without a row may adopt the rules of another's first use (adopt_rules). Everything is decided
-- in memory until the writes, except that beginning windows are opened. A refusal writes one count and no event (R12),
-- and its key stays free (R15).
create or replace function subctl_internal.decide_usage(asked subctl.usage_request) returns text
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  request subctl.usage_request := subctl_internal.check_usage_request(asked);
  records boolean := asked.mode not in ('check', 'check_all');
  standing subctl.usage_standing;
  rules subctl.plan_rules;
  measure subctl.usage_measure;
  tally subctl.usage_tally;
  verdict subctl.usage_verdict;
  done boolean;   -- an expression costs less than a statement
begin
  if subctl_internal.is_bound() then perform subctl_internal.check_bound(array[asked.customer]); end if;
  if request.mode in ('record', 'reserve') then
    perform 1 from subctl.usage_totals t where t.customer_id = request.customer for no key update;
    if not found then
      standing.now := coalesce(request.as_of, clock_timestamp());
      if request.mode = 'record' and subctl_internal.adopt_rules(array[request], standing.now, '{null}') > 0 then
        return (subctl_internal.record_locked_use(request, standing.now));
      end if;
      perform subctl_internal.lock_customers(array[request.customer]);
    end if;
  end if;
  standing.now := coalesce(request.as_of, clock_timestamp());   -- uses recorded while this waited happened before
  standing.at := coalesce(request.at, standing.now);
  standing.event_id := subctl_internal.uuid7(standing.at);
  -- before the rules are read: rules of a later generation do no harm
  select c.generation into standing.catalog from subctl.catalog_state c;
  if request.key is not null and not subctl_internal.claim_usage_key(request, standing.at, standing.event_id) then
    return subctl_internal.replay_usage(request.customer, request.key, subctl_internal.usage_content(request));
  end if;
  -- after the key: a repeated use stays the same when the default changes
  if num_nonnulls(request.provider, request.model) = 0
     and num_nonnulls(request.input_tokens, request.output_tokens, request.cached_tokens) > 0 then
    request := subctl_internal.with_default_model(request);
  end if;

  standing := subctl_internal.find_standing(request, standing);
  verdict.refusal := standing.refusal;
  if verdict.refusal is null then
    select * into rules from subctl.plan_rules r
     where r.plan_id = standing.plan_id and r.version = standing.version and r.kind = request.kind;
    if not found then perform subctl_internal.refuse_unknown_kind(request.kind); end if;
    measure := subctl_internal.measure_usage(request, standing, rules);
    if measure.is_excluded then
      verdict.refusal := subctl_internal.refuse_usage(request.customer, measure.kind, standing.at, 'model_not_in_plan',
        format('Plan %s does not include model %s', standing.plan_id, request.model));
    end if;
  end if;
  if verdict.refusal is not null then
    if records and request.key is not null then
      perform subctl_internal.release_usage_key(request.customer, request.key, standing.event_id);
    end if;
    return verdict.refusal::text;
  end if;

  -- the row's lock protects the open windows; a check reads them without a lock
  tally := subctl_internal.read_usage_tally(request.customer, standing, request.already_spent);
  if tally.is_stale and standing.epoch < tally.epoch then
    standing.is_late := true;
    tally.is_stale := false;
  end if;
  if not standing.is_simple then
    standing := subctl_internal.cut_standing(request.customer, standing, tally.starts);
  end if;
  if tally.is_stale and records then tally := subctl_internal.restart_usage_tally(request.customer, standing, tally);
  end if;
  if standing.has_overrides then rules := subctl_internal.add_own_limits(request, standing, rules); end if;
  tally := subctl_internal.count_usage(request, standing, measure, rules, tally);

  verdict.is_overage := false;
  if measure.is_unpriced and not request.already_spent then
    verdict.refusal := subctl_internal.refuse_unpriced(request, standing, measure, tally);
  end if;
  if records and rules.credit_cost is not null and not rules.credits_unlimited
     and (tally.credits_due_at is null or standing.now >= tally.credits_due_at) then
    perform subctl_internal.post_due_credits(array[request.customer], standing.now, null);
    tally.credits_due_at := subctl_internal.credit_due_after(request.customer, standing.now);
  end if;
  if request.partial and not request.already_spent and verdict.refusal is null and measure.quantity > 0
     and num_nonnulls(request.input_tokens, request.output_tokens, request.cost, request.units) = 0 then
    verdict.fits := subctl_internal.fit_quantity(request, standing, measure, rules, tally);
    if verdict.fits > 0 and verdict.fits < measure.quantity then
      verdict.asked := measure.quantity;
      measure := subctl_internal.measure_part(request, standing, measure, verdict.fits);
      tally := subctl_internal.count_part(request, measure, tally);
    end if;
  end if;
  if tally.is_exceeded then
    verdict := subctl_internal.judge_limits(tally.counts, verdict);
    if verdict.breach is not null and verdict.refusal is null and not request.already_spent then
      verdict.refusal := subctl_internal.refuse_limit(request, standing, measure, tally, verdict);
      if records then tally := subctl_internal.count_refusal(request.customer, tally, verdict.breach); end if;
    end if;
  end if;
  if verdict.refusal is null and rules.credit_cost is not null and not rules.credits_unlimited then
    verdict := subctl_internal.take_credits(request, standing, measure, rules, tally, verdict);
  end if;

  if records then
    done := subctl_internal.write_usage_tally(request.customer, tally, verdict.refusal is null
                                              and request.mode <> 'reserve');
  end if;
  if verdict.refusal is not null then
    if records and request.key is not null then
      perform subctl_internal.release_usage_key(request.customer, request.key, standing.event_id);
    end if;
    return subctl_internal.refusal_answer(request, standing, measure, rules, tally, verdict)::text;
  end if;
  if records and request.mode <> 'reserve' then
    verdict.alerts := subctl_internal.write_usage_counts(request.customer, standing, rules.thresholds, tally);
    if standing.is_late or standing.at < tally.uncounted_until or standing.has_overrides then
      perform subctl_internal.count_uncounted(request, standing, tally);
    end if;
    done := subctl_internal.write_usage_event(request, standing, measure, tally, verdict);
  end if;
  if records then done := subctl_internal.keep_usage_rules(request, standing, measure, rules, tally); end if;
  return subctl_internal.usage_decision(request, standing, measure, tally, verdict);
end $$;
