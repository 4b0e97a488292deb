import { type Fault, copy } from '../fault.ts';

export const catalogueFaults: Fault[] = [
  {
    what: 'a limit was edited behind the compiled rules',
    check: 'plan rules',
    customer: '',
    sql: `update subctl.plan_limits set limit_value = 1000000 where plan_id = 'pro' and "window" = 'month'`,
  },
  {
    what: 'compiled rules are missing',
    check: 'plan rules',
    customer: '',
    sql: `delete from subctl.plan_rules where plan_id = 'pro' and kind = 'llm'`,
  },
  {
    what: 'a price was edited behind its card',
    check: 'price cards',
    customer: '',
    sql: `update subctl.prices set amount = 300 where model = 'big' and component = 'output_tokens'`,
  },
  {
    what: 'a price card is missing',
    check: 'price cards',
    customer: '',
    sql: `delete from subctl.price_cards where provider = 'hub'`,
  },
  {
    what: 'two prices hold at one instant',
    check: 'prices',
    customer: '',
    sql: `alter table subctl.prices drop constraint "prices_provider_model_component_effective_from_revision_pk"; ${copy('prices', `model = 'big'`, 'amount = amount + 1')}`,
  },
  {
    what: 'there are two default plans',
    check: 'plans',
    customer: '',
    sql: `drop index subctl.plans_one_default; update subctl.plans set is_default = true where id = 'pro'`,
  },
  {
    what: 'a plan points to a version that is not there',
    check: 'plans',
    customer: '',
    sql: `update subctl.plans set current_version = 7 where id = 'pro'`,
  },
  {
    what: 'a setting cannot be what it says',
    check: 'settings',
    customer: '',
    sql: `update subctl.settings set value = '"soon"' where key = 'lateness_days'`,
  },
  {
    what: 'a customer who has used something has no row of open windows',
    check: 'customers',
    customer: 'zoe',
    sql: `delete from subctl.customer_windows where customer_id = 'zoe'`,
  },
  {
    what: 'the time zones of a customer do not go back to the beginning',
    check: 'customers',
    customer: 'max',
    sql: `insert into subctl.customer_zones (customer_id, from_at, timezone) values ('max', '2026-03-01', null)`,
  },
  {
    what: "a customer's time zone is not the one of its history",
    check: 'customers',
    customer: 'max',
    sql: `insert into subctl.customer_zones (customer_id, from_at, timezone) values ('max', '-infinity', null), ('max', '2026-03-01', 'Asia/Tokyo')`,
  },
  {
    what: 'a limit of its own is forgotten',
    check: 'customers',
    customer: 'cora',
    sql: `update subctl.customers set has_overrides = false where id = 'cora'`,
  },
  {
    what: 'a member is in no group',
    check: 'members',
    customer: 'team',
    sql: `update subctl.customers set kind = 'user' where id = 'team'`,
  },
  {
    what: 'usage belongs to nobody',
    check: 'orphans',
    customer: 'ghost',
    sql: copy('usage_events', `customer_id = 'una'`, `customer_id = 'ghost'`),
  },
  {
    what: 'a row of history names a change that nobody wrote',
    check: 'audit',
    customer: 'ann',
    sql: `update subctl.subscription_phases set change_id = 'nobody' where customer_id = 'ann'`,
  },
  {
    what: 'a lease has no owner',
    check: 'tasks',
    customer: '',
    sql: `update subctl.jobs set lease_until = '2026-06-02'`,
  },
  {
    what: 'a run has a token that was never given out',
    check: 'tasks',
    customer: '',
    sql: `update subctl.job_runs set token = 9`,
  },
  {
    what: 'a run that is over is still at work',
    check: 'tasks',
    customer: '',
    sql: `update subctl.job_runs set outcome = 'running'`,
  },
  {
    what: 'a parked row was never tried',
    check: 'parked rows',
    customer: 'max',
    sql: `update subctl.parked set attempts = 0`,
  },
];
