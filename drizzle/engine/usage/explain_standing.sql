-- Explains a customer's standing at an instant: the plan version, its phase and who wrote it, the billing period, and
-- from when paid meters counted. `changed_at` is when that phase ended, null while it continues.
create or replace function subctl_internal.explain_standing(customer text, at timestamptz) returns jsonb
language sql stable as $$
  select jsonb_build_object(
    'plan', e.plan_id, 'version', e.version, 'plan_name', p.name, 'current_version', p.current_version,
    'status', e.status, 'access', e.access, 'reason', e.reason, 'basis', e.basis, 'every', e.every,
    'timezone', e.timezone, 'subscription', e.subscription_id, 'anchor', subctl_internal.iso(e.anchor),
    'anchor_timezone', e.anchor_timezone, 'period_start', subctl_internal.iso(e.period_start),
    'period_end', subctl_internal.iso(e.period_end), 'usage_from', subctl_internal.iso(e.usage_from),
    'ends_at', subctl_internal.iso(e.ends_at), 'resumes_at', subctl_internal.iso(s.resumes_at),
    'segment', case when g.from_at is not null then jsonb_build_object(
      'from', subctl_internal.iso(g.from_at), 'changed_at', subctl_internal.iso(later.from_at),
      'changed_by', later.cause, 'cause', g.cause, 'reason', g.reason, 'actor', c.actor, 'change', g.change_id) end,
    'reset', case when r.at is not null then jsonb_build_object(
      'at', subctl_internal.iso(r.at), 'cause', r.cause, 'reason', r.reason) end)
    from subctl_internal.effective_subscription($1, $2) e
    left join subctl.plans p on p.id = e.plan_id
    left join subctl.subscriptions s on s.customer_id = $1 and s.id = e.subscription_id and s.status = 'paused'
    left join lateral (
      select x.* from subctl.subscription_phases x
       where x.customer_id = $1 and x.subscription_id = e.subscription_id and x.from_at <= $2
       order by x.from_at desc limit 1) g on true
    left join lateral (
      select x.from_at, x.cause from subctl.subscription_phases x
       where x.customer_id = $1 and x.from_at > g.from_at
       order by x.from_at limit 1) later on true
    left join lateral (
      select x.at, x.cause, x.reason from subctl.usage_resets x
       where x.customer_id = $1 and x.at <= $2
       order by x.at desc limit 1) r on true
    left join subctl.changes c on c.id = g.change_id
$$;
