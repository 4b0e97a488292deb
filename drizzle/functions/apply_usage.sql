-- Decides one use, and with mode 'record' records it: every meter that fits, its windows, credits, cost and alerts together, in one
-- transaction, right under any number of callers. record_usage and check_usage are its two faces; docs/usage.md says what it answers.
-- The order: key, context, lock, decision in memory, writes. A refusal writes one count and nothing else (R12, R15). Modes beside 'record'
-- and 'check': 'record_locked' records for record_usage_many, which has locked the customer; 'reserve' decides and locks as 'record' does and says in `holds` what is to be held; 'check_all' shows every limit before the
-- use with what is asked of it, and names credits that do not suffice beside limits that do not (R8).
create or replace function subctl.apply_usage(
  mode text, customer text, kind text, at timestamptz, as_of timestamptz, quantity numeric, provider text, model text,
  input_tokens numeric, output_tokens numeric, cached_tokens numeric, units jsonb, cost numeric, member text, session text,
  status text, latency_ms int, endpoint text, key text, already_spent boolean, partial boolean, metadata jsonb) returns jsonb
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  p_customer alias for $2; p_kind alias for $3; p_at alias for $4; p_now alias for $5; p_provider alias for $7; p_model alias for $8;
  p_input alias for $9; p_output alias for $10; p_cached alias for $11; p_units alias for $12; p_cost alias for $13; p_member alias for $14;
  p_session alias for $15; p_status alias for $16; p_latency alias for $17; p_endpoint alias for $18; p_key alias for $19; p_spent alias for $20;
  p_partial alias for $21; p_metadata alias for $22;
  v_record boolean := $1 not in ('check', 'check_all');
  v_given_provider text := $7;
  v_clock boolean := $5 is null;             -- the time is the clock's
  v_at timestamptz;
  v_quantity numeric := $6; v_asked numeric;
  v_id uuid; v_content uuid;
  c record;                                  -- customer and head of the subscription
  e record;                                  -- what is effective at v_at, where the head alone does not say
  v_next subctl.subscription_segments%rowtype;   -- of a use of the past: the change of rhythm that came after it, at v_turn
  r subctl.plan_rules%rowtype;
  v_sub uuid; v_plan text; v_version int; v_own_limits boolean;   -- whether there may be limits of the customer's own
  v_anchor timestamptz; v_anchor_zone text;
  v_start timestamptz; v_end timestamptz; v_turn timestamptz; v_from timestamptz; v_epoch int; v_late boolean := false; v_new boolean := false;
  v_tier text := 'paid'; v_multiplier numeric := 1; v_tokens numeric; v_estimated boolean := false; v_each numeric;
  v_cost numeric := $13; v_price_from timestamptz; v_price_provider text; v_missing text; v_unpriced boolean := false;
  d_sub uuid; d_epoch int; d_plan text; d_version int; d_strays timestamptz; d_ids int[]; d_starts timestamptz[]; d_ends timestamptz[]; d_used numeric[]; d_refused numeric[];
  d_credits timestamptz; v_stale boolean; v_moved boolean := false;   -- v_moved: the ends of open windows are others than in the row
  v_known boolean; i int; j int; n int := 0; q numeric; u numeric; lim numeric; b tstzrange; ws timestamptz; we timestamptz;
  v_own timestamptz[];   -- since when a limit is the customer's own
  v_kind text; v_subject text; v_resets boolean; v_found boolean; o record;
  -- no initial values that null can stand for: each expression that runs is prepared anew in every transaction (about 1.5 µs)
  t_rule int[]; t_slot int[]; t_target text[]; t_before numeric[]; t_q numeric[]; t_lim numeric[];
  t_start timestamptz[]; t_end timestamptz[]; t_subject text[]; t_closed boolean[];
  v_breach int; v_never int; v_room numeric; v_over boolean := false; v_parts text[]; v_alerts text[];
  v_request subctl.usage_request; v_standing subctl.usage_standing; v_measure subctl.usage_measure; v_tally subctl.usage_tally; v_verdict subctl.usage_verdict;
  v_counts subctl.usage_count[];
  v_catalog bigint; v_generation int; v_others boolean := false;   -- v_others: open windows are others than rules were made for
  v_need numeric; v_balance numeric; v_fit numeric; v_marked text[]; v_th numeric; v_answer jsonb;
  v_hold boolean; v_holding boolean; t_held numeric[]; v_held numeric; v_holds jsonb;   -- reserve; whether others hold something
  v_again boolean;   -- a fallback plan that nobody has written goes on with a period that ran (R32)
  v_plain boolean; v_span interval; v_since timestamptz; t_after boolean[];   -- the head says it all; of a rolling limit; whether it has uses after this one
begin
  if p_metadata is not null then
    if length(p_metadata::text) > 65536 then
      raise exception 'The metadata has % characters: 65536 are the most', length(p_metadata::text) using errcode = 'SB002';
    end if;
    if subctl.secret_in(p_metadata::text) is not null then
      raise exception 'The metadata has % in it, which is refused: it would be kept with the use', subctl.secret_in(p_metadata::text)
        using errcode = 'SB002', hint = 'Leave it out, or send only its last four characters';
    end if;
    v_estimated := p_metadata @> '{"estimated": true}';   -- amounts that the caller has estimated (R18)
  end if;
  if p_endpoint ~ '[?#]' then p_endpoint := substring(p_endpoint from '^[^?#]*'); end if;   -- what follows may be a key, and is not kept
  if num_nonnulls(p_endpoint, p_session, p_model, p_member, p_key, p_status, p_provider, p_units) > 0
     and concat_ws(' ', p_endpoint, p_session, p_model, p_member, p_key, p_status, p_provider, p_units) ~ subctl.secret_signs() then
    perform subctl.refuse_secrets(jsonb_build_object('endpoint', p_endpoint, 'session', p_session, 'model', p_model, 'member', p_member, 'key', p_key,
                                                     'status', p_status, 'provider', p_provider, 'units', p_units::text));
  end if;
  if num_nonnulls(p_units, p_cached, p_input, p_output, p_cost) > 0 or (v_quantity >= 0 and v_quantity < 'Infinity') is not true then
    if not (v_quantity >= 0 and v_quantity < 'Infinity') then
      raise exception 'Quantity % is refused: it must be zero or more', v_quantity using errcode = 'SB002';
    end if;
    if not (coalesce(p_input, 0) >= 0 and coalesce(p_output, 0) >= 0 and coalesce(p_cached, 0) >= 0 and coalesce(p_cost, 0) >= 0
            and coalesce(p_input, 0) + coalesce(p_output, 0) + coalesce(p_cached, 0) + coalesce(p_cost, 0) < 'Infinity') then
      raise exception 'Tokens and cost must be zero or more: input %, output %, cached %, cost %', p_input, p_output, p_cached, p_cost using errcode = 'SB002';
    end if;
    if p_cached > coalesce(p_input, 0) then
      raise exception 'Cached tokens (%) are part of the input tokens (%) and cannot be more', p_cached, coalesce(p_input, 0) using errcode = 'SB002';
    end if;
    if p_units is not null and (jsonb_typeof(p_units) <> 'object' or exists (
        select 1 from jsonb_each(p_units) x where jsonb_typeof(x.value) not in ('number', 'string') or x.value #>> '{}' !~ E'^[0-9]+(\\.[0-9]+)?$')) then
      raise exception 'Units % are refused: give an object of numbers, zero or more, such as {"seconds": 12}', p_units using errcode = 'SB002';
    end if;
  end if;

  if p_at is not null then
    if not isfinite(p_at) then
      raise exception 'The at % is no time of the calendar', p_at using errcode = 'SB002';
    end if;
  end if;
  if length(p_key) > 500 then
    raise exception 'The key has % characters: 500 are the most', length(p_key) using errcode = 'SB002';
  end if;

  -- 1 the customer's row, then the key: every writer takes them in this order, so that none waits for another in a ring
  if $1 in ('record', 'reserve') then
    perform 1 from subctl.usage_totals t where t.customer_id = p_customer for no key update;
    if not found then perform subctl.lock_customers(array[p_customer]); end if;
  end if;
  if v_clock then p_now := clock_timestamp(); end if;   -- what was recorded while we waited happened before
  v_at := coalesce(p_at, p_now);
  select c.generation into v_catalog from subctl.catalog_state c;   -- before the rules are read: rules of a later one do no harm
  v_id := subctl.uuid7(v_at);
  if p_key is not null then
    v_content := subctl.usage_content(p_kind, p_at, v_quantity, p_provider, p_model, p_input, p_output, p_cached, p_units, p_cost, p_member, p_session,
                                      p_status, p_latency, p_endpoint, p_spent, p_partial, p_metadata);
    if v_record then
      insert into subctl.usage_keys (customer_id, key, event_at, event_id, content) values (p_customer, p_key, v_at, v_id, v_content) on conflict do nothing;
      v_found := found;
    else
      v_found := not exists (select 1 from subctl.usage_keys x where x.customer_id = p_customer and x.key = p_key);
    end if;
    if not v_found then
      return subctl.replay_usage(p_customer, p_key, v_content)::jsonb;
    end if;
  end if;

  if p_provider is null and p_model is not null then p_provider := subctl.provider_of(p_model); end if;   -- after the key: it is of what was supplied

  -- 2 all that needs no lock. Nearly always the head says it, in one statement without a variable more: each expression costs
  select s.id, s.plan_id, s.version, s.anchor, s.anchor_timezone, s.current_period_start, s.current_period_end, s.usage_reset_at, s.epoch, x.has_overrides
    into v_sub, v_plan, v_version, v_anchor, v_anchor_zone, v_start, v_end, v_from, v_epoch, v_own_limits
    from subctl.customers x
    join subctl.subscriptions s on s.customer_id = x.id and s.status in ('trialing', 'active', 'past_due', 'paused')
   where x.id = p_customer and x.disabled_at is null and p_member is null and s.status in ('trialing', 'active')
     and v_at >= s.from_at and v_at >= s.current_period_start and v_at >= s.usage_reset_at and v_at < s.current_period_end
     and v_at between p_now - interval '24 hours' and p_now + interval '5 minutes'
     and (s.collection <> 'invoice' or not exists (
       select from subctl.invoices i where i.customer_id = s.customer_id and i.subscription_id = s.id and i.status = 'open' and i.due_at <= v_at));
  v_plain := found;
  if not v_plain then
    if v_record then perform subctl.check_write_time(p_now); end if;
    select x.disabled_at, x.has_overrides, s.id as sub, s.status, s.plan_id, s.version, s.anchor, s.anchor_timezone, s.from_at,
           s.current_period_start as start, s.current_period_end as ends, s.usage_reset_at as reset, s.epoch,
           s.pause_clock is distinct from 'runs' and s.resumes_at is null as stands,
           case when s.collection = 'invoice' then (
             select min(i.due_at) from subctl.invoices i where i.customer_id = s.customer_id and i.subscription_id = s.id and i.status = 'open') end as overdue
      into c
      from subctl.customers x
      left join subctl.subscriptions s on s.customer_id = x.id and s.status in ('trialing', 'active', 'past_due', 'paused')
     where x.id = p_customer;
    v_found := found; v_own_limits := c.has_overrides;
    if not v_found and subctl.setting('auto_create') = 'true' and exists (select 1 from subctl.plans p where p.is_default) then
      if v_record then
        perform subctl.create_customer(p_customer, p_now, 'first use');
        perform subctl.lock_customers(array[p_customer]);
        delete from subctl.usage_keys x where x.customer_id = p_customer and x.key = p_key and x.event_id = v_id;
        return subctl.apply_usage($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22);
      end if;
      v_new := true; v_found := true;
    end if;
    if not v_found then
      v_answer := subctl.refuse_usage(p_customer, p_kind, v_at, 'no_customer', format('There is no customer %s', p_customer));
    elsif v_at > p_now + interval '5 minutes' then
      v_answer := subctl.refuse_usage(p_customer, p_kind, v_at, 'in_future',
        format('%s is more than 5 minutes after now, %s', subctl.iso(v_at), subctl.iso(p_now)));
    elsif v_at < p_now - interval '24 hours' and v_at < p_now - make_interval(hours => 24 * coalesce(subctl.setting('lateness_days')::int, 35)) then
      v_answer := subctl.refuse_usage(p_customer, p_kind, v_at, 'too_old',
        format('%s is more than %s days before now, %s', subctl.iso(v_at), coalesce(subctl.setting('lateness_days'), '35'), subctl.iso(p_now)));
    elsif p_member is not null and not exists (
        select 1 from subctl.members m where m.customer_id = p_customer and m.member_id = p_member and m.joined_at <= v_at and (m.left_at is null or m.left_at > v_at))
        and not subctl.auto_add_member(p_customer, p_member, v_at, p_now, v_record) then
      v_answer := subctl.refuse_usage(p_customer, p_kind, v_at, 'no_member', format('%s is no member of %s', p_member, p_customer));
    elsif v_new then
      select p.id, p.current_version into v_plan, v_version from subctl.plans p where p.is_default;
      v_anchor_zone := subctl.zone_of(p_customer, v_at); v_anchor := subctl.local_first('2000-01-01', v_anchor_zone); v_epoch := 0;
      b := subctl.period_at(v_anchor, '1mo', v_at, v_anchor_zone);
      v_start := lower(b); v_end := upper(b); v_from := v_start;
    elsif c.sub is not null and c.status in ('active', 'trialing') and v_at >= c.from_at and v_at >= c.start and v_at >= c.reset and v_at < c.ends
        and c.disabled_at is null and (c.overdue is null or v_at < c.overdue) then
      v_sub := c.sub; v_plan := c.plan_id; v_version := c.version; v_anchor := c.anchor; v_anchor_zone := c.anchor_timezone;
      v_start := c.start; v_end := c.ends; v_from := c.reset; v_epoch := c.epoch;
    else
      select * into e from subctl.effective_subscription(p_customer, v_at) x;
      v_late := c.sub is not null and v_at < greatest(c.from_at, c.start, c.reset);
      v_plain := e.basis = 'default' and v_at between p_now - interval '1 hour' and p_now + interval '5 minutes';
      v_sub := e.subscription_id; v_plan := e.plan_id; v_version := e.version; v_anchor := case when e.basis <> 'default' then e.anchor end; v_anchor_zone := e.anchor_timezone;
      v_start := e.period_start; v_end := e.period_end; v_from := e.usage_from; v_epoch := e.epoch;
      v_again := e.basis = 'fallback' and e.anchor < e.since; v_since := e.since;
      -- an end that has moved since, or that moves on with a pause
      if v_start = c.start and v_sub = c.sub then v_end := case when c.status = 'paused' and c.stands then 'infinity' else c.ends end; end if;
      if v_at < p_now then
        -- a window of the past ends where the next reset or the next subscription cut it, one of the subscription's own where its rhythm changed
        select x.* into v_next
          from subctl.subscription_segments x
         where x.customer_id = p_customer and x.subscription_id = v_sub and x.from_at > v_at
           and (x.anchor <> v_anchor or x.period_start < x.from_at and x.period_start <> v_start)
         order by x.from_at limit 1;
        v_turn := v_next.from_at;
        v_end := least(v_end, case when c.reset > v_at then c.reset end, (select min(x.at) from subctl.usage_resets x where x.customer_id = p_customer and x.at > v_at),
                       (select min(x.started_at) from subctl.subscriptions x where x.customer_id = p_customer and x.started_at > v_at));
      end if;
      if not e.access and not (p_spent and v_plan is not null and e.reason in ('past_due', 'paused', 'no_subscription')) then
        v_answer := subctl.refuse_usage(p_customer, p_kind, v_at, e.reason,
          case e.reason when 'no_subscription' then format('Customer %s has no subscription at %s', p_customer, subctl.iso(v_at))
                        when 'disabled' then format('Customer %s is disabled', p_customer)
                        else format('The subscription of %s is %s', p_customer, replace(e.reason, '_', ' ')) end);
      end if;
    end if;
  end if;
  if v_answer is null then
    select * into r from subctl.plan_rules x where x.plan_id = v_plan and x.version = v_version and x.kind = p_kind;
    if not found then
      raise exception 'Unknown kind %: the kinds are %', p_kind, (select string_agg(x.id, ', ' order by x.id) from subctl.kinds x where x.id = x.canonical)
        using errcode = 'SB002', hint = 'subctl meters list';
    end if;
    if p_model is not null or p_provider is not null then
      select m.free_tier, m.multiplier into o from subctl.models m
       where (p_provider is null or m.provider = p_provider)
         and (coalesce(p_model, '') ilike replace(replace(m.pattern, '_', E'\\_'), '*', '%') or lower(p_model) = any (lower(m.aliases::text)::text[]))
       order by length(m.pattern) desc, m.provider limit 1;
      if found then
        v_multiplier := o.multiplier;
        if o.free_tier then v_tier := 'free'; end if;
      end if;
      if r.allowed_models is not null and v_tier = 'paid' and p_model is not null and not exists (
          select 1 from unnest(r.allowed_models) a(pattern)
           where p_model ilike replace(replace(a.pattern, '_', E'\\_'), '*', '%')
              or p_provider || '/' || p_model ilike replace(replace(a.pattern, '_', E'\\_'), '*', '%')) then
        v_answer := subctl.refuse_usage(p_customer, r.canonical, v_at, 'model_not_in_plan', format('Plan %s does not include model %s', v_plan, p_model));
      end if;
    end if;
  end if;
  if v_answer is not null then
    if v_record and p_key is not null then delete from subctl.usage_keys x where x.customer_id = p_customer and x.key = p_key and x.event_id = v_id; end if;
    return v_answer;
  end if;

  -- units: tokens given, or estimated where only bytes or characters are known (R18); the multiplier rounds up once (R28)
  if p_input is not null or p_output is not null then
    v_tokens := coalesce(p_input, 0) + coalesce(p_output, 0);
  elsif p_units ? 'bytes' and r.canonical in ('stt', 'voice') then
    v_tokens := floor((p_units->>'bytes')::numeric / 16000); v_estimated := true;
  elsif p_units ? 'characters' and r.canonical in ('tts', 'voice') then
    v_tokens := (p_units->>'characters')::numeric * 2; v_estimated := true;
  elsif p_units ? 'words' and r.canonical = 'llm' then
    v_tokens := floor((p_units->>'words')::numeric * 1.3); v_estimated := true;
  elsif p_units ? 'characters' and r.canonical = 'llm' then
    v_tokens := floor((p_units->>'characters')::numeric / 4); v_estimated := true;
  elsif p_units is null and not (p_status is not null and subctl.usage_failed(p_status)) then
    v_each := case v_tier when 'free' then r.estimate_free else r.estimate_paid end;   -- of each use whose size nobody knows (W12)
    if v_each is not null then v_tokens := v_each * v_quantity; v_estimated := true; end if;
  end if;
  if v_multiplier <> 1 then v_tokens := ceil(v_tokens * v_multiplier); end if;
  -- what has tokens, units or a model has a price, or its kind costs nothing, or it is unpriced (R26)
  if v_cost is null and (p_provider is not null or num_nonnulls(p_model, p_input, p_output, p_cached) > 0 or p_units <> '{}')
     and not (p_status is not null and subctl.usage_failed(p_status)) then
    if r.cost_none then
      v_cost := 0;
    else
      if p_provider is not null then
        select x.cost, x.price_from, nullif(x.price_provider, p_provider), x.missing into v_cost, v_price_from, v_price_provider, v_missing
          from subctl.price_usage(p_provider, p_model, v_at, v_quantity, r.canonical, p_input, p_output, p_cached, p_units) x;
      end if;
      if v_cost is null then
        if subctl.setting('unpriced_uses') = 'free' then v_cost := 0; v_price_from := null; v_price_provider := null; else v_unpriced := true; end if;
      end if;
    end if;
  end if;

  -- 3 the open windows, which are ours while we hold the row; a check reads without a lock
  if v_record then
    select s.subscription_id, s.epoch, s.plan_id, s.version, s.strays_until, s.ids, s.starts, s.ends, t.used, s.refused, s.credits_due_at, $1 = 'reserve', s.held_until > p_now and not p_spent, t.generation
      into d_sub, d_epoch, d_plan, d_version, d_strays, d_ids, d_starts, d_ends, d_used, d_refused, d_credits, v_hold, v_holding, v_generation
      from subctl.usage_state s join subctl.usage_totals t on t.customer_id = s.customer_id where s.customer_id = p_customer and t.customer_id = p_customer;
  else
    select s.subscription_id, s.epoch, s.plan_id, s.version, s.strays_until, s.ids, s.starts, s.ends, t.used, s.refused, s.credits_due_at, s.held_until > p_now and not p_spent
      into d_sub, d_epoch, d_plan, d_version, d_strays, d_ids, d_starts, d_ends, d_used, d_refused, d_credits, v_holding
      from subctl.usage_state s join subctl.usage_totals t on t.customer_id = s.customer_id where s.customer_id = p_customer and t.customer_id = p_customer;
    if not found then d_ids := '{}'; end if;
  end if;
  v_known := d_plan is not null or d_epoch <> 0 or cardinality(d_ids) > 0;   -- whoever has used something may have events that a new limit has not counted
  v_stale := not v_late and (d_sub is distinct from v_sub or d_epoch is distinct from v_epoch or d_plan is distinct from v_plan or d_version is distinct from v_version);
  if v_stale and v_epoch < d_epoch then v_late := true; v_stale := false; end if;
  if not v_plain and v_at < p_now and v_sub is not null then
    -- an end that is only computed has cut the windows as a written one does
    we := (select min(x.since) from subctl.unwritten(greatest(p_now, (select max(s) from unnest(d_starts) s where isfinite(s))), array[p_customer]) x
            where x.since > v_at);
    if we < v_end then v_end := we; end if;
    if we < v_turn or v_turn is null then v_turn := we; end if;
  end if;
  if v_stale then
    d_credits := '-infinity';
    if v_record then
      perform subctl.flush_windows(p_customer, case when v_again then v_since else v_from end);
      if d_sub = v_sub then
        -- a period that begins cuts what starts anew with it; a free meter's own window that holds its beginning goes on
        update subctl.usage_counters x set window_end = upper(w.bounds)
          from subctl.meters m, subctl.meter_windows y cross join lateral subctl.window_kind(y."window") k
         cross join lateral subctl.limit_window(p_customer, k.kind, k.n, false, v_from, v_anchor, v_anchor_zone, v_start, v_end, v_from) w(bounds)
         where x.customer_id = p_customer and x.closed_at is null and x.window_end = v_from and x."window" ~ '^every_'
           and m.id = x.meter_id and m.tier = 'free' and y.meter_id = x.meter_id and y."window" = x."window" and y.scope = x.scope
           and lower(w.bounds) = x.window_start;
      end if;
      v_moved := true; v_others := true; d_ids := '{}'; d_starts := '{}'; d_ends := '{}'; d_used := '{}'; d_refused := '{}'; d_sub := v_sub; d_epoch := v_epoch;
      d_plan := v_plan; d_version := v_version; d_strays := greatest(d_strays, subctl.strays_until(p_customer, v_plan, v_version));
    end if;
  end if;

  -- the customer's own limits stand in for the plan's, or beside them where the plan has none for that window
  if v_own_limits then
    for o in
      select distinct on (x.meter_id, x."window", x.scope) x.meter_id, x."window" as win, x.scope, x.limit_value, x.starts_at, w.kind, w.n
        from subctl.limit_overrides x cross join lateral subctl.window_kind(x."window") w
       where x.customer_id = p_customer and x.starts_at <= v_at and (x.ends_at is null or x.ends_at > v_at) and x.meter_id = any (r.meter_ids)
       order by x.meter_id, x."window", x.scope, x.starts_at desc
    loop
      select x.i into j from generate_subscripts(r.ids, 1) x(i) where r.meter_ids[x.i] = o.meter_id and r.wins[x.i] = o.win and r.scopes[x.i] = o.scope;
      if not found then
        j := cardinality(r.ids) + 1; i := array_position(r.meter_ids, o.meter_id);
        r.ids[j] := case when v_record then subctl.meter_window(o.meter_id, o.win, o.scope)
                         else (select x.id from subctl.meter_windows x where x.meter_id = o.meter_id and x."window" = o.win and x.scope = o.scope) end;
        r.meter_ids[j] := o.meter_id; r.wins[j] := o.win; r.win_kinds[j] := o.kind; r.win_ns[j] := o.n; r.scopes[j] := o.scope; r.modes[j] := 'hard';
        r.fields[j] := r.fields[i]; r.providers[j] := r.providers[i]; r.models[j] := r.models[i]; r.tiers[j] := r.tiers[i];
      end if;
      r.lims[j] := o.limit_value; v_own[j] := o.starts_at;
    end loop;
  end if;

  -- 4 decide, in memory
  for i in 1 .. cardinality(r.ids) loop
    continue when (r.providers[i] is not null and (p_provider is null or position('|' || p_provider || '|' in r.providers[i]) = 0))
               or (r.models[i] is not null and (p_model is null or position('|' || lower(p_model) || '|' in r.models[i]) = 0))
               or (r.tiers[i] is not null and r.tiers[i] <> v_tier and r.meter_ids[i] <> r.canonical)
               or (r.scopes[i] = 'member' and p_member is null);
    v_kind := r.win_kinds[i];
    continue when v_kind = 'session' and p_session is null;
    q := coalesce(case r.fields[i] when 'quantity' then v_quantity when 'tokens' then v_tokens when 'cost' then v_cost when 'count' then 1 when 'input' then p_input
                                   when 'output' then p_output else (p_units->>r.fields[i])::numeric end, 0);
    lim := r.lims[i];
    j := case when r.scopes[i] = 'customer' and v_kind <> 'session' then array_position(d_ids, r.ids[i]) end;
    n := n + 1; t_rule[n] := i; t_q[n] := q; t_lim[n] := lim; t_closed[n] := false;
    if v_at >= d_starts[j] and v_at < d_ends[j] and not v_late and not v_stale then   -- nearly always: the window that is open
      t_target[n] := 'slot'; t_slot[n] := j; u := d_used[j]; t_start[n] := d_starts[j]; t_end[n] := d_ends[j]; t_subject[n] := '';
    else
      v_resets := r.tiers[i] is distinct from 'free' and v_kind not in ('lifetime', 'each', 'session');
      v_subject := case when v_kind = 'session' then p_session when r.scopes[i] = 'member' then p_member else '' end;
      t_slot[n] := null;
      if v_kind = 'each' then
        t_target[n] := 'none'; u := 0; ws := null; we := null;
      elsif v_kind = 'rolling_hour' then
        v_span := make_interval(hours => r.win_ns[i]); v_since := case when v_resets then v_from else '-infinity' end;
        t_target[n] := 'rolling'; ws := v_at - v_span; we := null;
        u := 0; t_after[n] := false;
        if v_known then
          t_after[n] := coalesce((select max(x.at) from subctl.usage_marks x where x.customer_id = p_customer and x.meter_id = r.meter_ids[i] and x.subject = v_subject), 'infinity') > v_at;
          if t_after[n] or v_holding and exists (
              select from subctl.reservations x where x.customer_id = p_customer and x.status = 'held' and x.expires_at > p_now and x.at > v_at) then
            -- it falls into windows that end after it, too (R7)
            select x.used, x.ends_at - v_span into u, ws
              from subctl.rolling_fullest(p_customer, r.meter_ids[i], v_subject, null, v_at, v_span, v_since,
                                          case when v_resets then v_end else 'infinity' end, case when v_holding then p_now end) x;
          else
            u := subctl.rolling_used(p_customer, r.meter_ids[i], v_subject, v_at, v_span, v_since);
          end if;
        end if;
      else
        b := subctl.limit_window(p_customer, v_kind, r.win_ns[i], v_resets, v_at, v_anchor, v_anchor_zone, v_start, v_end, v_from);
        ws := lower(b); we := upper(b);
        if v_turn < we and (v_kind = 'period' or v_kind like 'anchored%') then
          we := v_turn;
          if v_next.from_at = v_turn then   -- a window that begins at the same instant in both rhythms goes on
            b := subctl.limit_window(p_customer, v_kind, r.win_ns[i], v_resets, v_turn, v_next.anchor, v_next.anchor_timezone,
                                     v_next.period_start, case when v_next.period_start = c.start then c.ends else v_next.period_end end, v_from);
            if lower(b) = ws then we := upper(b); end if;
          end if;
        end if;
        if j is not null and d_starts[j] = ws then
          t_target[n] := 'slot'; t_slot[n] := j; u := d_used[j];
          if d_ends[j] <> we and not v_late then d_ends[j] := we; v_moved := true; v_others := true; end if;
        else
          t_target[n] := 'row';
          select x.used, x.refused, x.closed_at, x.window_end into o from subctl.usage_counters x
           where x.customer_id = p_customer and x.meter_id = r.meter_ids[i] and x."window" = r.wins[i] and x.scope = r.scopes[i]
             and x.subject = v_subject and x.window_start = ws;
          v_found := found;
          if v_again and v_found and o.window_end < we then
            -- it ended with the run before: what was used since is counted in it too
            u := case when v_record then
                        subctl.reopen_window(p_customer, r.meter_ids[i], r.wins[i], r.scopes[i], v_subject, ws, we)
                      else subctl.recount_usage(p_customer, r.meter_ids[i], nullif(v_subject, ''), null, ws, we) end;
          elsif v_found then
            u := o.used;
            if o.closed_at is not null then
              t_closed[n] := true;
              u := u + coalesce((select sum(x.amount) from subctl.usage_adjustments x
                                  where x.customer_id = p_customer and x.meter_id = r.meter_ids[i] and x."window" = r.wins[i] and x.scope = r.scopes[i]
                                    and x.subject = v_subject and x.window_start = ws), 0);
            end if;
          elsif not v_known or (ws > d_starts[j] and v_own[i] is null) then
            u := 0;                         -- it follows a window that was counted, so that nobody has used anything in it
          else
            u := subctl.recount_usage(p_customer, r.meter_ids[i], case when r.scopes[i] = 'member' then p_member end, case when v_kind = 'session' then p_session end, ws, we);
          end if;
          -- an open window that is the newest moves into the row of open windows; the one it follows becomes a row of its own
          if v_record and v_subject = '' and not t_closed[n] and we > p_now and (j is null or ws > d_starts[j]) then
            if v_found then
              delete from subctl.usage_counters x
               where x.customer_id = p_customer and x.meter_id = r.meter_ids[i] and x."window" = r.wins[i] and x.scope = r.scopes[i]
                 and x.subject = '' and x.window_start = ws;
            end if;
            if j is null then
              j := cardinality(d_ids) + 1; d_ids[j] := r.ids[i];
            else
              v_others := true;   -- rules that were made for what was in this place are over
            end if;
            if d_used[j] > 0 or d_refused[j] > 0 then
              insert into subctl.usage_counters (customer_id, meter_id, "window", scope, subject, window_start, window_end, used, refused)
              values (p_customer, r.meter_ids[i], r.wins[i], r.scopes[i], '', d_starts[j], d_ends[j], d_used[j], d_refused[j])
              on conflict (customer_id, meter_id, "window", scope, subject, window_start)
              do update set used = usage_counters.used + excluded.used, refused = usage_counters.refused + excluded.refused;
            end if;
            v_moved := true; d_starts[j] := ws; d_ends[j] := we; d_used[j] := u; d_refused[j] := case when v_found then o.refused else 0 end;
            t_target[n] := 'slot'; t_slot[n] := j;
          end if;
        end if;
      end if;
      t_start[n] := ws; t_end[n] := we; t_subject[n] := v_subject;
    end if;
    t_before[n] := u;
    if v_holding then   -- what others hold of it is not there
      t_held[n] := case when v_kind = 'each' then 0 else subctl.held_usage(p_customer, r.meter_ids[i], case when r.scopes[i] = 'member' then p_member end,
        case when v_kind = 'session' then p_session end,
        case when v_kind = 'rolling_hour' then greatest(ws + interval '1 microsecond', case when v_resets then v_from end) else t_start[n] end,
        case when v_kind = 'rolling_hour' then ws + v_span + interval '1 microsecond' else t_end[n] end, p_now) end;
      lim := lim - t_held[n];
    end if;
    if q > 0 and u + q > lim then
      if r.modes[i] = 'hard' and (v_breach is null or lim - u < v_room) then v_breach := n; v_room := lim - u; end if;
      v_over := v_over or u + q > t_lim[n];
    end if;
    if v_unpriced then
      if r.fields[i] = 'cost' and lim is not null and r.modes[i] = 'hard' and not p_spent then
        v_answer := subctl.refuse_usage(p_customer, r.canonical, v_at, 'unpriced', format(
          'The cost of %s is not known%s and plan %s limits %s', coalesce(p_provider || ' ' || p_model, p_provider, p_model, 'a use without a provider'),
          case when v_missing not in ('provider', 'model') then format(' (no price for %s)', v_missing) end, v_plan, r.meter_ids[i]));
      end if;
    end if;
  end loop;

  if v_record and r.credit_cost is not null and not r.credits_unlimited and (d_credits is null or p_now >= d_credits) then
    perform subctl.post_due_credits(array[p_customer], p_now, null);
    d_credits := subctl.credit_due_after(p_customer, p_now);
  end if;

  -- as much as fits, where a use is counted by its quantity alone (R12)
  if p_partial and not p_spent and v_answer is null and v_quantity > 0 and coalesce(p_input, p_output, p_cost) is null and p_units is null then
    v_fit := v_quantity;
    for n in 1 .. coalesce(cardinality(t_rule), 0) loop
      i := t_rule[n];
      lim := t_lim[n] - t_before[n] - coalesce(t_held[n], 0);
      if r.modes[i] = 'hard' and t_q[n] > lim and t_q[n] > 0 then
        v_fit := least(v_fit, case r.fields[i] when 'quantity' then lim when 'cost' then lim * v_quantity / t_q[n]
                              when 'tokens' then lim * v_quantity / t_q[n] else 0 end);
      end if;
    end loop;
    if r.credit_cost is not null and not r.credits_unlimited then 
      v_fit := least(v_fit, (subctl.spendable_credits(p_customer, p_now, least(v_at, p_now)) - case when v_holding then subctl.held_credits(p_customer, p_now) else 0 end) / r.credit_cost);
    end if;
    v_fit := case when v_quantity = trunc(v_quantity) then floor(v_fit) else trunc(v_fit, 6) end;
    if v_fit > 0 and v_fit < v_quantity then
      v_asked := v_quantity; v_quantity := v_fit; v_breach := null; v_over := false;
      v_tokens := v_each * v_quantity;
      if v_multiplier <> 1 then v_tokens := ceil(v_tokens * v_multiplier); end if;
      if v_cost is not null and v_price_from is not null then
        select x.cost into v_cost from subctl.price_usage(p_provider, p_model, v_at, v_quantity, r.canonical, p_input, p_output, p_cached, p_units) x;
      end if;
      for n in 1 .. coalesce(cardinality(t_rule), 0) loop
        i := t_rule[n];
        t_q[n] := case r.fields[i] when 'quantity' then v_quantity when 'cost' then coalesce(v_cost, 0)
                              when 'tokens' then coalesce(v_tokens, 0) else t_q[n] end;
        if t_q[n] > 0 and t_before[n] + coalesce(t_held[n], 0) + t_q[n] > t_lim[n] then
          v_over := v_over or t_before[n] + t_q[n] > t_lim[n];
          if r.modes[i] = 'hard' then v_breach := n; end if;
        end if;
      end loop;
    end if;
  end if;

  if v_answer is null and v_breach is not null and not p_spent then
    i := t_rule[v_breach]; lim := t_lim[v_breach];
    we := t_end[v_breach]; u := coalesce(t_held[v_breach], 0); q := t_before[v_breach] + t_q[v_breach] - lim;
    v_resets := r.tiers[i] is distinct from 'free';
    if t_target[v_breach] = 'rolling' and (q > 0 or u = 0) then
      v_span := make_interval(hours => r.win_ns[i]); v_since := case when v_resets then v_from else '-infinity' end;
      we := case when t_after[v_breach] then subctl.rolling_room_at(p_customer, r.meter_ids[i], t_subject[v_breach], v_at, v_span, v_since, lim - t_q[v_breach])
                 else subctl.rolling_frees(p_customer, r.meter_ids[i], t_subject[v_breach], v_at, v_span, v_since, q) end;
      if v_resets and we > v_end then we := v_end; end if;
    end if;
    if u > 0 and (q <= 0 or t_target[v_breach] = 'rolling') then
      -- others hold what is missing: there is room when they let go, or before that when the window ends
      b := case when t_target[v_breach] = 'rolling' then tstzrange(greatest(t_start[v_breach] + interval '1 microsecond', case when v_resets then v_from end), 'infinity')
                else tstzrange(t_start[v_breach], t_end[v_breach]) end;
      ws := subctl.holds_free(p_customer, r.meter_ids[i], case when r.scopes[i] = 'member' then p_member end,
        case when r.win_kinds[i] = 'session' then p_session end, lower(b), upper(b), p_now, least(q + u, u));
      we := case when q > 0 then greatest(we, ws) else least(we, ws) end;
    end if;
    -- a use that is larger than a whole limit fits in no window of it, whichever limit is named; a part of it may
    v_never := (select x.n from generate_subscripts(t_rule, 1) x(n)
                 where r.modes[t_rule[x.n]] = 'hard' and t_q[x.n] > 0 and t_q[x.n] > t_lim[x.n]
                   and (v_fit is null or t_lim[x.n] * v_quantity < t_q[x.n] * case when v_quantity = trunc(v_quantity) then 1 else 0.000001 end)
                 order by x.n <> v_breach, x.n limit 1);
    if v_never is not null then we := null; end if;
    v_answer := subctl.refuse_usage(p_customer, r.canonical, v_at, case when lim = 0 then 'disabled' else 'limit_reached' end,
      case when lim = 0 then format('Plan %s does not include %s', v_plan, r.meter_ids[i])
           else format('%s per %s: %s used of %s%s, %s asked%s', r.meter_ids[i], r.wins[i], trim_scale(t_before[v_breach]), trim_scale(lim),
                       case when u > 0 then format(', %s held', trim_scale(u)) end, trim_scale(t_q[v_breach]),
                       case when v_never = v_breach then format(': a use of %s is larger than the whole limit', trim_scale(t_q[v_breach]))
                            when v_never is not null then
                              format(', and %s %s per %s are more than the whole limit of %s', trim_scale(t_q[v_never]), r.meter_ids[t_rule[v_never]],
                                     r.wins[t_rule[v_never]], trim_scale(t_lim[v_never])) end) end)
      || jsonb_build_object('meter', r.meter_ids[i], 'window', r.wins[i], 'scope', r.scopes[i], 'used', trim_scale(t_before[v_breach])::text,
           'limit', trim_scale(lim)::text, 'requested', trim_scale(t_q[v_breach])::text, 'resets_at', subctl.iso(we), 'cost', trim_scale(v_cost)::text);
    if u > 0 then v_answer := v_answer || jsonb_build_object('held', trim_scale(u)::text); end if;
    if v_record then
      if t_target[v_breach] = 'slot' then
        d_refused[t_slot[v_breach]] := d_refused[t_slot[v_breach]] + 1;
      elsif not t_closed[v_breach] then
        insert into subctl.usage_counters (customer_id, meter_id, "window", scope, subject, window_start, window_end, used, refused)
        values (p_customer, r.meter_ids[i], r.wins[i], r.scopes[i], t_subject[v_breach],
                case when t_target[v_breach] = 'row' then t_start[v_breach] else '-infinity' end,
                case when t_target[v_breach] = 'row' then t_end[v_breach] else 'infinity' end,
                case when t_target[v_breach] = 'row' then t_before[v_breach] else 0 end, 1)
        on conflict (customer_id, meter_id, "window", scope, subject, window_start) do update set refused = usage_counters.refused + 1;
      end if;
    end if;
  end if;

  -- credits: both credits and limits must allow; credits never buy past a limit
  if v_answer is null and r.credit_cost is not null and not r.credits_unlimited then
    v_need := r.credit_cost * v_quantity;
    if v_holding then v_held := subctl.held_credits(p_customer, p_now); end if;
    if v_held > 0 and not v_hold and v_record and subctl.spendable_credits(p_customer, p_now, least(v_at, p_now)) - v_held < v_need then
      v_balance := null;
    elsif v_record and not v_hold and v_need > 0 then
      v_balance := subctl.burn_credits(p_customer, v_need, p_now, 'use', v_id, null, null, least(v_at, p_now));
      if v_balance is null then
        -- what is due may have changed without a word to this row: ask once more before saying no
        perform subctl.post_due_credits(array[p_customer], p_now, null);
        if p_spent then
          u := subctl.spendable_credits(p_customer, p_now, least(v_at, p_now));
          if u < v_need then v_need := u; v_over := true; end if;
        end if;
        v_balance := subctl.burn_credits(p_customer, v_need, p_now, 'use', v_id, null, null, least(v_at, p_now));
      end if;
    else
      v_balance := case when v_new then (select coalesce(x.credits, 0) from subctl.plan_versions x where x.plan_id = v_plan and x.version = v_version)
                        else subctl.credit_balance(p_customer, p_now) end;
      u := case when v_new or v_need = 0 then v_balance else subctl.spendable_credits(p_customer, p_now, least(v_at, p_now)) end;
      if u < v_need and p_spent then v_need := u; v_over := true; end if;
      v_balance := case when u - v_need >= coalesce(v_held, 0) or v_need = 0 then v_balance - v_need end;
      if v_at < p_now and v_balance is not null and v_need > 0 then   -- what expired unused is in no balance
        v_balance := v_balance + (select coalesce(sum(least(g.amount, greatest(v_need - g.before, 0))), 0)
          from (select x.amount, x.over, sum(x.amount) over (order by x.priority, x.expires_at nulls last, x.granted_at, x.id) - x.amount as before
                  from subctl.late_grants(p_customer, p_now, v_at) x) g where g.over);
      end if;
    end if;
    if v_balance is null then
      v_balance := subctl.spendable_credits(p_customer, p_now, least(v_at, p_now));
      we := subctl.credits_again(p_customer, p_now, case when v_fit is not null then least(v_need, r.credit_cost) else v_need end, v_balance);
      v_answer := subctl.refuse_usage(p_customer, r.canonical, v_at, 'no_credits',
        format('%s needs %s credits and %s has %s on plan %s%s%s%s', r.canonical, trim_scale(v_need), p_customer, trim_scale(v_balance), v_plan,
               case when v_held > 0 then format(', %s of them held', trim_scale(v_held)) end,
               case when v_at < p_now and v_balance < subctl.credit_balance(p_customer, p_now) then format(' for a use of %s', subctl.iso(v_at)) end,
               case when we is null then ': no grant to come covers it' end))
        || jsonb_build_object('cost', trim_scale(v_cost)::text, 'credits', jsonb_build_object('needed', trim_scale(v_need)::text,
             'balance', trim_scale(v_balance)::text, 'resets_at', subctl.iso(we))
             || case when v_held > 0 then jsonb_build_object('held', trim_scale(v_held)::text) else '{}' end);
    end if;
  end if;

  -- 5 write. The state goes first, whatever the verdict: opening a window has moved rows
  if v_record then
    if v_answer is null and not v_hold then
      for n in 1 .. coalesce(cardinality(t_rule), 0) loop
        if t_slot[n] is not null then d_used[t_slot[n]] := d_used[t_slot[n]] + t_q[n]; end if;
      end loop;
    end if;
    update subctl.usage_state s
       set subscription_id = d_sub, epoch = d_epoch, plan_id = d_plan, version = d_version, strays_until = d_strays, ids = d_ids, starts = d_starts, ends = d_ends, refused = d_refused, credits_due_at = d_credits,
           next_end = case when v_moved then (select min(x) from unnest(d_ends) x) else s.next_end end
     where s.customer_id = p_customer;
    update subctl.usage_totals t set used = d_used, generation = t.generation + case when v_others then 1 else 0 end where t.customer_id = p_customer;
  end if;

  for n in 1 .. coalesce(cardinality(t_rule), 0) loop
    i := t_rule[n];
    if v_answer is not null or $1 = 'check_all' then   -- each limit before the use, with what is asked of it
      v_parts[n] := (subctl.limit_json(r.meter_ids[i], r.wins[i], r.scopes[i], t_before[n], t_lim[n], t_start[n], t_end[n])
        || jsonb_build_object('requested', trim_scale(t_q[n])::text,
                              'exceeded', coalesce(r.modes[i] = 'hard' and t_q[n] > 0 and t_before[n] + coalesce(t_held[n], 0) + t_q[n] > t_lim[n], false))
        || case when t_held[n] > 0 then jsonb_build_object('held', trim_scale(t_held[n])::text) else '{}' end)::text;
      continue;
    end if;
    u := t_before[n] + case when v_hold then 0 else t_q[n] end;
    v_parts[n] := subctl.limit_json(r.meter_ids[i], r.wins[i], r.scopes[i], u, t_lim[n], t_start[n], t_end[n])::text;
    if (v_hold or v_holding) is true then
      v_th := coalesce(t_held[n], 0) + case when v_hold then t_q[n] else 0 end;
      if v_th > 0 then v_parts[n] := (v_parts[n]::jsonb || subctl.held_json(v_th, t_lim[n] - u))::text; end if;
      if v_hold and t_q[n] > 0 then v_holds := coalesce(v_holds, '{}') || jsonb_build_object(r.meter_ids[i], t_q[n]); end if;
    end if;
    continue when not v_record or v_hold;
    v_counts := v_counts || row(r.ids[i], r.meter_ids[i], r.wins[i], r.win_kinds[i], r.win_ns[i], r.scopes[i], t_subject[n], r.fields[i], r.modes[i] = 'hard',
      null, t_target[n], t_slot[n], t_start[n], t_end[n], t_closed[n], null, t_lim[n], t_before[n], t_held[n], t_q[n])::subctl.usage_count;
    if t_target[n] = 'slot' then
      null;
    elsif t_target[n] = 'row' and t_closed[n] then
      continue when t_q[n] = 0;
      insert into subctl.usage_adjustments (customer_id, id, meter_id, "window", scope, subject, window_start, event_id, event_at, amount, recorded_at, reason)
      values (p_customer, subctl.uuid7(p_now), r.meter_ids[i], r.wins[i], r.scopes[i], t_subject[n], t_start[n], v_id, v_at, t_q[n], p_now, 'late event');
    elsif t_target[n] = 'row' and t_q[n] > 0 then
      insert into subctl.usage_counters (customer_id, meter_id, "window", scope, subject, window_start, window_end, used)
      values (p_customer, r.meter_ids[i], r.wins[i], r.scopes[i], t_subject[n], t_start[n], t_end[n], u)
      on conflict (customer_id, meter_id, "window", scope, subject, window_start) do update set used = usage_counters.used + t_q[n];
    elsif t_target[n] = 'rolling' and t_q[n] > 0 and not coalesce(r.meter_ids[i] || '|' || t_subject[n] = any (v_marked), false) then
      v_marked := v_marked || (r.meter_ids[i] || '|' || t_subject[n]);
      perform subctl.mark_usage(p_customer, r.meter_ids[i], t_subject[n], v_at, t_q[n]);
    end if;
    -- alerts: every threshold at or below what is used now, once per window and limit value (R39)
    if u * 100 >= t_lim[n] * r.thresholds[1] and t_lim[n] > 0 and t_q[n] > 0 then
      continue when t_closed[n] or t_target[n] = 'none' or t_end[n] <= p_now;
      foreach v_th in array r.thresholds loop
        exit when u * 100 < t_lim[n] * v_th;
        continue when t_target[n] = 'rolling' and exists (
          select 1 from subctl.alerts a where a.customer_id = p_customer and a.meter_id = r.meter_ids[i] and a."window" = r.wins[i] and a.scope = r.scopes[i]
             and a.subject = t_subject[n] and a.threshold = v_th and a.limit_value = t_lim[n] and a.window_start > t_start[n]);
        insert into subctl.alerts (customer_id, meter_id, "window", scope, subject, window_start, threshold, limit_value, used, at, event_id)
        values (p_customer, r.meter_ids[i], r.wins[i], r.scopes[i], t_subject[n], case when t_target[n] = 'rolling' then v_at else t_start[n] end,
                v_th, t_lim[n], u, v_at, v_id) on conflict do nothing;
        if found then
          v_alerts := v_alerts || jsonb_build_object('meter', r.meter_ids[i], 'window', r.wins[i], 'threshold', trim_scale(v_th)::text)::text;
        end if;
      end loop;
    end if;
  end loop;
  if v_answer is null and v_record and not v_hold and (v_late or v_at < d_strays or v_own_limits) then
    for n in 1 .. coalesce(cardinality(t_rule), 0) loop
      continue when t_q[n] = 0 or exists (select from generate_series(1, n - 1) x(m) where r.meter_ids[t_rule[x.m]] = r.meter_ids[t_rule[n]]);
      perform subctl.count_strays(p_customer, r.meter_ids[t_rule[n]], t_q[n], v_at, p_member, p_session,
                                  array(select r.ids[x.i] from unnest(t_rule) x(i)), coalesce(v_marked, '{}'), v_id, p_now);
    end loop;
    if v_late then   -- it may have begun a window that the plan of now does not count
      update subctl.usage_state s set strays_until = greatest(s.strays_until, subctl.strays_until(p_customer, s.plan_id, s.version),
        (select max(x) from unnest(s.ends) x where isfinite(x))) where s.customer_id = p_customer;
    end if;
  end if;
  if v_answer is not null then
    if v_record and p_key is not null then delete from subctl.usage_keys x where x.customer_id = p_customer and x.key = p_key and x.event_id = v_id; end if;
    if $1 = 'check_all' and v_need is null and r.credit_cost is not null and not r.credits_unlimited then
      v_balance := subctl.spendable_credits(p_customer, p_now, least(v_at, p_now)); v_held := subctl.held_credits(p_customer, p_now); v_need := r.credit_cost * v_quantity;
      v_answer := v_answer || jsonb_build_object('credits', jsonb_build_object('needed', trim_scale(v_need)::text, 'balance', trim_scale(v_balance)::text,
        'exceeded', v_need > v_balance - v_held));
    end if;
    return v_answer || case when v_estimated then '{"estimated": true}' else '{}'::jsonb end || jsonb_build_object('limits', ('[' || coalesce(array_to_string(v_parts, ','), '') || ']')::jsonb);
  end if;
  if v_record and not v_hold then
    v_request := row($1, p_customer, p_kind, p_at, p_now, v_quantity, v_given_provider, p_model, p_input, p_output, p_cached, p_units, p_cost, p_member, p_session,
      p_status, p_latency, p_endpoint, p_key, p_spent, p_partial, p_metadata);
    v_standing.now := p_now; v_standing.at := v_at; v_standing.event_id := v_id; v_standing.catalog := v_catalog; v_standing.is_simple := v_plain;
    v_standing.is_late := v_late; v_standing.has_overrides := v_own_limits; v_standing.subscription_id := v_sub; v_standing.plan_id := v_plan;
    v_standing.version := v_version; v_standing.period_end := v_end;
    v_measure := row(r.canonical, v_quantity, p_provider, v_tier, v_multiplier, v_tokens, v_each, v_estimated, v_cost, v_price_from, v_price_provider,
      v_missing, v_unpriced, false);
    v_tally.uncounted_until := d_strays; v_tally.generation := v_generation; v_tally.has_holds := v_holding; v_tally.rules_over := v_others;
    v_tally.counts := v_counts;
    v_verdict := row(null, v_over, v_fit, v_asked, v_need, v_balance, v_held, v_alerts);
    perform subctl.write_usage_event(v_request, v_standing, v_measure, v_tally, v_verdict);
    perform subctl.keep_usage_rules(v_request, v_standing, v_measure, r, v_tally);
  end if;
  if v_asked is null and v_held is null and v_alerts is null and not (v_over or v_estimated) and v_hold is not true then   -- the usual answer
    return jsonb_build_object('allowed', true, 'reason', null, 'customer', p_customer, 'kind', r.canonical, 'at', subctl.iso(v_at),
      'event_id', case when v_record then v_id end, 'replayed', false, 'cost', trim_scale(v_cost)::text, 'unpriced', v_unpriced,
      'limits', ('[' || coalesce(array_to_string(v_parts, ','), '') || ']')::jsonb,
      'credits', case when v_need is not null then jsonb_build_object('used', trim_scale(v_need)::text, 'balance', trim_scale(v_balance)::text) end,
      'alerts', '[]'::jsonb);
  end if;
  return jsonb_build_object(
    'allowed', true, 'reason', null, 'customer', p_customer, 'kind', r.canonical, 'at', subctl.iso(v_at), 'event_id', case when v_record and not v_hold then v_id end,
    'replayed', false, 'cost', trim_scale(v_cost)::text, 'unpriced', v_unpriced,
    'limits', ('[' || coalesce(array_to_string(v_parts, ','), '') || ']')::jsonb,
    'credits', case when v_need is null then null
                    when v_hold then jsonb_build_object('held', trim_scale(coalesce(v_held, 0) + v_need)::text, 'balance', trim_scale(v_balance + v_need)::text,
                                                        'available', trim_scale(v_balance - coalesce(v_held, 0))::text)
                    else jsonb_build_object('used', trim_scale(v_need)::text, 'balance', trim_scale(v_balance)::text) || subctl.held_json(v_held, v_balance) end,
    'alerts', ('[' || coalesce(array_to_string(v_alerts, ','), '') || ']')::jsonb)
    || case when v_over then '{"overage": true}' else '{}'::jsonb end || case when v_estimated then '{"estimated": true}' else '{}'::jsonb end
    || case when v_hold then jsonb_build_object('holds', jsonb_build_object('meters', coalesce(v_holds, '{}'), 'credits', coalesce(v_need, 0),
                                                                            'quantity', v_quantity, 'estimated', v_estimated)) else '{}' end
    || case when v_asked is not null then
         jsonb_build_object('partial', true, 'asked', trim_scale(v_asked)::text, 'quantity', trim_scale(v_quantity)::text) else '{}' end;
end $$;
