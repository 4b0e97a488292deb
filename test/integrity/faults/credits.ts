import { type Fault, copy, newest } from '../fault.ts';

export const creditFaults: Fault[] = [
  {
    what: 'a grant that never lived rolled over (B16)',
    check: 'rollovers',
    customer: 'ann',
    sql: `insert into subctl.credit_grants (customer_id, id, source, source_key, amount, remaining, priority, granted_at)
          select 'ann', subctl_internal.uuid7(clock_timestamp()), 'rollover', 'rollover:reset:none', 5, 5, 15, now()`,
  },
  {
    what: 'an amount in the ledger is edited',
    check: 'ledger',
    customer: 'ann',
    sql: `update subctl.credit_entries set amount = amount - 1 where customer_id = 'ann' and kind = 'deduct'`,
  },
  {
    what: 'an entry is missing in the middle',
    check: 'balances',
    customer: 'ann',
    sql: `delete from subctl.credit_entries where customer_id = 'ann' and id = 2`,
  },
  {
    what: 'a grant was taken before it was given',
    check: 'balances',
    customer: 'ann',
    sql: `update subctl.credit_entries set at = at - interval '5 years' where customer_id = 'ann' and kind = 'use'`,
  },
  {
    what: 'the newest entry is missing',
    check: 'ledger',
    customer: 'ann',
    sql: `delete from subctl.credit_entries where ${newest('credit_entries', 'ann', 'id')}`,
  },
  {
    what: 'a balance after an entry is edited',
    check: 'balances',
    customer: 'team',
    sql: `update subctl.credit_entries set balance_after = balance_after + 5 where customer_id = 'team' and id = 1`,
  },
  {
    what: 'what is left of a grant drifted',
    check: 'grants',
    customer: 'ann',
    sql: `update subctl.credit_grants set remaining = remaining - 0.25 where customer_id = 'ann' and source_key = 'spring' and remaining > 0;
          update subctl.credit_grants set remaining = remaining - 0.25 where customer_id = 'ann' and remaining > 1`,
  },
  {
    what: 'two grants drifted against each other, so that the sum is right',
    check: 'grants',
    customer: 'max',
    sql: `update subctl.credit_grants set remaining = remaining + 1 where ${newest('credit_grants', 'max', 'granted_at')};
          update subctl.credit_grants set remaining = remaining - 1 where customer_id = 'max' and not ${newest('credit_grants', 'max', 'granted_at')}`,
  },
  {
    what: 'a grant is below zero',
    check: 'grants',
    customer: 'cora',
    sql: `update subctl.credit_grants set remaining = -3 where ${newest('credit_grants', 'cora', 'granted_at')}`,
  },
  {
    what: 'a grant was made larger',
    check: 'grants',
    customer: 'cora',
    sql: `update subctl.credit_grants set amount = amount + 100 where ${newest('credit_grants', 'cora', 'granted_at')}`,
  },
  {
    what: 'an entry belongs to no grant',
    check: 'entries',
    customer: 'ann',
    sql: `update subctl.credit_entries set grant_id = gen_random_uuid() where customer_id = 'ann' and id = 1`,
  },
  {
    what: 'a grant was deleted with its entries still there',
    check: 'entries',
    customer: 'ann',
    sql: `delete from subctl.credit_grants where customer_id = 'ann' and source_key = 'spring'`,
  },
  {
    what: 'a use in the ledger has the wrong sign',
    check: 'entries',
    customer: 'ann',
    sql: `update subctl.credit_entries set amount = -amount where customer_id = 'ann' and kind = 'use'`,
  },
  {
    what: 'an entry has a kind that there is not',
    check: 'entries',
    customer: 'ann',
    sql: `update subctl.credit_entries set kind = 'gift' where customer_id = 'ann' and id = 1`,
  },
  {
    what: 'a balance after an entry is below zero',
    check: 'entries',
    customer: 'ann',
    sql: `update subctl.credit_entries set balance_after = -1 where customer_id = 'ann' and id = 2`,
  },
  {
    what: 'a grant ends before it begins',
    check: 'grants',
    customer: 'cora',
    sql: `update subctl.credit_grants set expires_at = granted_at - interval '1 day' where ${newest('credit_grants', 'cora', 'granted_at')}`,
  },
  {
    what: 'an expired grant has something left',
    check: 'expired grants',
    customer: 'ann',
    sql: `update subctl.credit_grants set remaining = 1 where customer_id = 'ann' and expired_at is not null`,
  },
  {
    what: 'a grant lives on although its expiry was written',
    check: 'expired grants',
    customer: 'ann',
    sql: `update subctl.credit_grants set expired_at = null where customer_id = 'ann' and expired_at is not null`,
  },
  {
    what: 'a source gave twice',
    check: 'grant keys',
    customer: 'ann',
    sql: `drop index subctl.credit_grants_source_key; ${copy('credit_grants', `customer_id = 'ann' and source_key = 'spring'`, 'id = gen_random_uuid()')}`,
  },
  {
    what: 'a plan gave twice for one period, under another key',
    check: 'grant keys',
    customer: 'team',
    sql: copy(
      'credit_grants',
      `customer_id = 'team' and source = 'plan' and expires_at > granted_at + interval '2 days'`,
      `id = gen_random_uuid(), granted_at = granted_at + interval '1 day', source_key = 'plan:pro:' || subctl_internal.iso(granted_at + interval '1 day')`,
    ),
  },
  {
    what: 'an event says that it cost more credits than were taken',
    check: 'spent credits',
    customer: 'ann',
    sql: `update subctl.usage_events set credits = credits * 2 where customer_id = 'ann' and credits > 0`,
  },
  {
    what: 'credits were taken for an event that is not there',
    check: 'spent credits',
    customer: 'ann',
    sql: `delete from subctl.usage_events where customer_id = 'ann' and credits > 0`,
  },
];
