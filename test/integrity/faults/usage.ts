import { type Fault, copy, newest } from '../fault.ts';

export const usageFaults: Fault[] = [
  {
    what: 'a rolling window holds more than its limit',
    check: 'rolling limits',
    customer: 'ann',
    sql: `update subctl.usage_events set quantity = 31 where customer_id = 'ann' and kind = 'llm'`,
  },
  {
    what: 'an open window drifted',
    check: 'windows',
    customer: 'ann',
    sql: `update subctl.usage_totals set used[1] = used[1] + 1 where customer_id = 'ann'`,
  },
  {
    what: 'a closed window drifted',
    check: 'windows',
    customer: 'ann',
    sql: `update subctl.usage_counters set used = used - 1 where customer_id = 'ann' and used > 1 and closed_at is not null`,
  },
  {
    what: 'the window of a member drifted',
    check: 'windows',
    customer: 'team',
    sql: `update subctl.usage_counters set used = used + 1 where customer_id = 'team' and subject = 'mia'`,
  },
  {
    what: 'the window of a session drifted',
    check: 'windows',
    customer: 'team',
    sql: `update subctl.usage_counters set used = 0 where customer_id = 'team' and "window" = 'session'`,
  },
  {
    what: 'a lifetime window drifted',
    check: 'windows',
    customer: 'ann',
    sql: `update subctl.usage_totals t set used[array_position(s.ids, w.id)] = 1 from subctl.customer_windows s, subctl.meter_windows w
           where t.customer_id = 'ann' and s.customer_id = 'ann' and w.meter_id = 'images' and w."window" = 'lifetime'`,
  },
  {
    what: 'an event is missing',
    check: 'windows',
    customer: 'cora',
    sql: `delete from subctl.usage_events where ${newest('usage_events', 'cora', 'at')}`,
  },
  {
    what: 'an event is there twice',
    check: 'windows',
    customer: 'cora',
    sql: copy('usage_events', `customer_id = 'cora'`, `id = subctl_internal.uuid7(at)`),
  },
  {
    what: 'the quantity of an event is edited',
    check: 'windows',
    customer: 'cora',
    sql: `update subctl.usage_events set quantity = quantity + 1 where ${newest('usage_events', 'cora', 'at')}`,
  },
  {
    what: 'a window has lost its row',
    check: 'window rows',
    customer: 'ann',
    sql: `delete from subctl.usage_counters where customer_id = 'ann' and closed_at is not null and used > 0`,
  },
  {
    what: 'the open windows of a customer are emptied',
    check: 'window rows',
    customer: 'team',
    sql: `update subctl.usage_totals set used = '{}' where customer_id = 'team';
          update subctl.customer_windows set ids = '{}', starts = '{}', ends = '{}', refused = '{}', next_end = null where customer_id = 'team'`,
  },
  {
    what: 'two windows of one limit overlap',
    check: 'window rows',
    customer: 'ann',
    sql: `update subctl.usage_counters set window_end = window_end + interval '1 day' where customer_id = 'ann' and "window" = 'month'`,
  },
  {
    what: 'the lists of open windows are of unequal length',
    check: 'open windows',
    customer: 'team',
    sql: `update subctl.usage_totals set used = used || 1.0 where customer_id = 'team'`,
  },
  {
    what: 'an open window has a number that nobody knows',
    check: 'open windows',
    customer: 'team',
    sql: `update subctl.customer_windows set ids[1] = 9999 where customer_id = 'team'`,
  },
  {
    what: 'the soonest end of the open windows is wrong, so that no task would close them',
    check: 'open windows',
    customer: 'team',
    sql: `update subctl.customer_windows set next_end = 'infinity' where customer_id = 'team'`,
  },
  {
    what: 'a running total drifted',
    check: 'running totals',
    customer: 'team',
    sql: `update subctl.usage_rolling_totals set cum = cum + 1 where ${newest('usage_rolling_totals', 'team', 'at')}`,
  },
  {
    what: 'a running total is missing',
    check: 'running totals',
    customer: 'team',
    sql: `delete from subctl.usage_rolling_totals where ${newest('usage_rolling_totals', 'team', 'at')}`,
  },
  {
    what: 'a late event was added to a closed window twice',
    check: 'windows',
    customer: 'cora',
    sql: copy('usage_adjustments', `customer_id = 'cora'`, 'id = gen_random_uuid()'),
  },
  {
    what: 'an adjustment names an event that is not there',
    check: 'adjustments',
    customer: 'cora',
    sql: `update subctl.usage_adjustments set event_id = gen_random_uuid() where customer_id = 'cora'`,
  },
  {
    what: 'a closed window was opened again under its adjustment',
    check: 'adjustments',
    customer: 'cora',
    sql: `update subctl.usage_counters c set closed_at = null from subctl.usage_adjustments a where a.customer_id = c.customer_id and a.window_start = c.window_start`,
  },
  {
    what: 'the limit that a closed window keeps is another',
    check: 'closed windows',
    customer: 'ann',
    sql: `update subctl.usage_counters set limit_value = 99999 where customer_id = 'ann' and "window" = 'month' and closed_at is not null`,
  },
  {
    what: 'a window was closed before its end',
    check: 'closed windows',
    customer: 'ann',
    sql: `update subctl.usage_counters set closed_at = window_start where customer_id = 'ann' and closed_at is not null and isfinite(window_start)`,
  },
  {
    what: 'a key is doubled',
    check: 'usage keys',
    customer: 'ann',
    sql: copy('usage_keys', `customer_id = 'ann'`, `key = 'other'`),
  },
  {
    what: 'a key names an event that is not there',
    check: 'usage keys',
    customer: 'ann',
    sql: `update subctl.usage_keys set event_id = gen_random_uuid() where customer_id = 'ann' and key = 'ann-2-3'`,
  },
  {
    what: 'an event was moved to another hour',
    check: 'events',
    customer: 'team',
    sql: `update subctl.usage_events set at = at + interval '1 hour' where ${newest('usage_events', 'team', 'at')}`,
  },
  {
    what: 'an event names a subscription that is not there',
    check: 'events',
    customer: 'team',
    sql: `update subctl.usage_events set subscription_id = gen_random_uuid() where ${newest('usage_events', 'team', 'at')}`,
  },
  {
    what: 'the tokens of an event are not the sum of its parts',
    check: 'tokens',
    customer: 'ann',
    sql: `update subctl.usage_events set tokens = input_tokens + output_tokens where customer_id = 'ann' and model = 'big'`,
  },
  {
    what: 'an event of a free model is counted as paid',
    check: 'tokens',
    customer: 'una',
    sql: `update subctl.usage_events set tier = 'paid' where customer_id = 'una'`,
  },
  {
    what: 'an event costs what no price says',
    check: 'costs',
    customer: 'ann',
    sql: `update subctl.usage_events set cost = cost + 0.000001 where customer_id = 'ann' and price_from is not null`,
  },
  {
    what: 'an event was priced at a price of another time',
    check: 'costs',
    customer: 'ann',
    sql: `update subctl.usage_events set price_from = '2025-01-01', cost = 0 where customer_id = 'ann' and price_from = '2026-03-01'`,
  },
  {
    what: 'an unpriced event costs nothing',
    check: 'costs',
    customer: 'ann',
    sql: `update subctl.usage_events set unpriced = false where customer_id = 'ann' and unpriced`,
  },
  {
    what: 'an alert was never reached',
    check: 'alerts',
    customer: 'cora',
    sql: `update subctl.alerts set used = used / 2 where customer_id = 'cora'`,
  },
  {
    what: 'an alert names a use that was another',
    check: 'alerts',
    customer: 'cora',
    sql: `update subctl.alerts set limit_value = limit_value - 1, used = used + 1 where customer_id = 'cora'`,
  },
  {
    what: 'an alert is missing',
    check: 'missing alerts',
    customer: 'cora',
    sql: `delete from subctl.alerts where customer_id = 'cora' and "window" = 'month'`,
  },
  {
    what: 'a reservation was settled without an event',
    check: 'reservations',
    customer: 'ann',
    sql: `update subctl.reservations set status = 'settled' where customer_id = 'ann'`,
  },
  {
    what: 'the sums of a past month are not those of its events',
    check: 'usage sums',
    customer: '',
    sql: `select subctl_internal.ensure_partitions('2026-03-01', 0); select subctl_internal.seal_usage_month('2026-03-01');
          select subctl_internal.sum_usage_month('2026-03-01', coalesce(subctl_internal.setting('timezone'), 'UTC'));
          insert into subctl.usage_day_sums (month, starts_at, ends_at, kind, uses, unpriced)
          select month, from_at, from_at + interval '24 hours', 'llm', 1, 0 from subctl.usage_sums`,
  },
];
