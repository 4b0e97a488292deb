import { type Damage, copy, drop } from '../damage.ts';

export const subscriptionDamages: Damage[] = [
  {
    what: 'a customer has two live subscriptions',
    proof: 'one subscription',
    customer: 'team',
    sql: `drop index subctl.subscriptions_one_live; ${copy('subscriptions', `customer_id = 'team'`, 'id = gen_random_uuid()')}`,
  },
  {
    what: 'a subscription begins before the last has ended',
    proof: 'one subscription',
    customer: 'bob',
    sql: `update subctl.subscriptions set started_at = started_at - interval '3 days' where customer_id = 'bob' and ended_at is null`,
  },
  {
    what: 'the subscribers of a plan are miscounted',
    proof: 'subscription counts',
    customer: '',
    sql: `update subctl.subscription_counts set subscriptions = subscriptions + 1`,
  },
  {
    what: 'the status of a subscription was set by hand',
    proof: 'subscriptions and history',
    customer: 'team',
    sql: `update subctl.subscriptions set status = 'paused', paused_at = '2026-05-01' where customer_id = 'team'`,
  },
  {
    what: 'the plan of a subscription was set by hand',
    proof: 'subscriptions and history',
    customer: 'team',
    sql: `update subctl.subscriptions set plan_id = 'max' where customer_id = 'team'`,
  },
  {
    what: 'the newest segment is missing',
    proof: 'subscriptions and history',
    customer: 'tia',
    sql: `delete from subctl.subscription_segments where customer_id = 'tia' and cause = 'trial_end'`,
  },
  {
    what: 'the first segment is missing',
    proof: 'segments',
    customer: 'tia',
    sql: `delete from subctl.subscription_segments where customer_id = 'tia' and previous_status = 'none'`,
  },
  {
    what: 'a segment says another status before it',
    proof: 'segments',
    customer: 'tia',
    sql: `update subctl.subscription_segments set previous_status = 'active' where customer_id = 'tia' and previous_status = 'trialing'`,
  },
  {
    what: 'the period of a subscription was set by hand',
    proof: 'periods',
    customer: 'team',
    sql: `update subctl.subscriptions set current_period_end = current_period_end + interval '1 day' where customer_id = 'team'`,
  },
  {
    what: 'the anchor was moved, so that months are counted from the last boundary',
    proof: 'periods',
    customer: 'ann',
    sql: `update subctl.subscriptions set anchor = '2026-02-28T12:00:00Z' where customer_id = 'ann'`,
  },
  {
    what: 'periods overlap',
    proof: 'renewals',
    customer: 'ann',
    sql: `update subctl.renewals set period_end = period_end + interval '1 day' where customer_id = 'ann' and period_start < '2026-03-01'`,
  },
  {
    what: 'a renewal is missing between two others',
    proof: 'renewals',
    customer: 'team',
    sql: `delete from subctl.renewals where customer_id = 'team' and period_start = '2026-03-01T00:00:00Z'`,
  },
  {
    what: 'the newest renewal is missing',
    proof: 'renewals',
    customer: 'team',
    sql: `delete from subctl.renewals where customer_id = 'team' and period_start = (select max(period_start) from subctl.renewals where customer_id = 'team')`,
  },
  {
    what: 'usage counts from an instant that nobody knows',
    proof: 'resets',
    customer: 'team',
    sql: `update subctl.subscriptions set usage_reset_at = usage_reset_at + interval '1 hour' where customer_id = 'team'`,
  },
  {
    what: 'the reset at the end of a subscription is missing',
    proof: 'resets',
    customer: 'bob',
    sql: `delete from subctl.usage_resets where customer_id = 'bob'`,
  },
  {
    what: 'a subscription that is active has ended',
    proof: 'statuses',
    customer: 'team',
    sql: `${drop('subscriptions', 'subscriptions_ended_check')} update subctl.subscriptions set ended_at = '2026-05-20' where customer_id = 'team'`,
  },
  {
    what: 'a subscription ended before it began',
    proof: 'statuses',
    customer: 'bob',
    sql: `update subctl.subscriptions set ended_at = started_at - interval '1 day' where customer_id = 'bob' and ended_at is not null`,
  },
];
