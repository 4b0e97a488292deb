import { expect, it } from 'vitest';
import { filesIn, textOf } from './sources.ts';
import { withoutNotes } from './sql-text.ts';

/**
 * Tables that would be spread over several servers by customer: those with a customer_id, and the customers themselves. Citus refuses some
 * SQL over such tables; these are the rules that a text can show.
 */
const spread = new Set(
  filesIn('src/database/schema', '.ts')
    .flatMap((file) =>
      textOf(file)
        .split(/\bsubctl\.table\(/)
        .slice(1),
    )
    .filter((table) => /\bcustomerId: |^\s*'customers'/.test(table))
    .map((table) => /'(\w+)'/.exec(table)![1]!),
);

interface Rule {
  /** what Citus says */
  error: string;
  instead: string;
  breaks(code: string): boolean;
  /** files that break it at present */
  exceptions: readonly string[];
}

const mentions = (code: string) =>
  [...code.matchAll(/\bsubctl\.(\w+)\b(?!\()/g)].some(([, name]) => spread.has(name!));

const rules: Record<string, Rule> = {
  'no function in SQL reads or writes a table by customer': {
    error: 'could not create distributed plan: parameters in SQL functions',
    instead: 'language plpgsql, with return (select …) or return query',
    breaks: (code) => /create or replace function/.test(code) && /language sql/.test(code) && mentions(code),
    exceptions: [
      'continues_plan',
      'credit_due_after',
      'credits_before',
      'due_notices',
      'due_resets',
      'due_transitions',
      'ensure_customer_windows',
      'events_on_meter',
      'excessive_charges',
      'explain_standing',
      'live_reservations',
      'mark_payment_processing',
      'overage_owed',
      'pauses_of',
      'pending_credit_expiries',
      'pending_transitions',
      'period_before',
      'plan_credits',
      'post_missing_month',
      'projected_grants',
      'rerating',
      'reserved_credits',
      'rolling_frees',
      'seats_at',
      'standing',
      'standings',
      'start_subscriptions',
      'subscriptions_at',
      'term_window',
      'uncounted_until',
      'unpaid_period_begun',
      'windows_at',
      'zone_of',
    ],
  },
  'a default of an argument is a constant': {
    error: 'arguments in a distributed function must be constant expressions',
    instead: 'default null, and coalesce inside',
    breaks: (code) => /\bdefault (?:clock_timestamp|now|current_timestamp|localtimestamp)\b/i.test(code),
    exceptions: [],
  },
  'an exists has a target': {
    error: 'a column definition list is required for functions returning "record"',
    instead: 'exists (select 1 from …)',
    breaks: (code) => /exists \(\s*select from\b/.test(code),
    exceptions: [
      'burn_credits',
      'close_windows',
      'credit_rules',
      'due_notices',
      'next_credits',
      'pay_invoice',
      'post_due_credits',
      'recover_subscription',
      'renew_new_terms',
      'renew_subscriptions',
      'settle_charge',
    ],
  },
  'no parameter is the row of a table by customer': {
    error: 'function subctl_internal.unused_value(subctl.subscriptions_102076) does not exist',
    instead: 'the keys of the row',
    breaks: (code) =>
      [...code.matchAll(/create or replace function subctl(?:_internal)?\.\w+\(([^$]*?)\)\s*returns/g)].some(
        ([, given]) => mentions(given!),
      ),
    exceptions: [
      'copy_subscription',
      'read_subscription_dates',
      'resume_by_dates',
      'settled_request',
      'stand_after_end',
      'stand_by_dates',
      'stand_in_period',
      'stand_in_phase',
      'stand_on_subscription',
      'unused_value',
    ],
  },
  'no query calls a function that writes for each of its rows': {
    error: 'could not run distributed query that writes in a function',
    instead: 'for … in select … loop perform … end loop',
    breaks: (code) => /perform subctl(?:_internal)?\.\w+\((?:[^();]|\([^()]*\))*\)\s+from\s/.test(code),
    exceptions: [
      'apply_discount_codes',
      'close_windows',
      'compile_all',
      'count_uncounted_windows',
      'end_due_subscriptions',
      'expire_subscriptions',
      'issue_invoices',
      'move_usage',
      'post_due_credits',
      'recover_subscription',
      'renew_new_terms',
      'renew_same_terms',
      'renew_subscriptions',
    ],
  },
  'rows of several customers are locked one customer after the other': {
    error: 'could not run distributed query with FOR UPDATE/SHARE commands',
    instead: 'a loop over the customers in order, one each',
    breaks: (code) =>
      /\bcustomer_id = any ?\((?:[^;]*?)\bfor (?:no key )?update\b/.test(code) ||
      /\bskip locked\b/.test(code),
    exceptions: [
      'fold_subscription_counts',
      'heal_catalog_generation',
      'lock_free_customers',
      'lock_free_subscriptions',
      'lock_subscriptions',
      'lock_totals',
    ],
  },
  'a conflict is resolved without functions of the clock': {
    error: 'functions used in the DO UPDATE SET clause must be marked IMMUTABLE',
    instead: 'the value as a parameter, or excluded.column',
    breaks: (code) =>
      /do update\s+set\b[^;]*?\b(?:now|clock_timestamp|subctl_internal\.iso|subctl_internal\.uuid7)\(/.test(
        code,
      ),
    exceptions: ['renew_new_terms'],
  },
  'no grouping sets, merge or recursion over customers': {
    error: 'GROUPING SETS, recursive CTEs and MERGE are refused across shards',
    instead: 'union all of plain groups, or a loop',
    breaks: (code) => /\b(?:grouping sets|cube|rollup) ?\(|\bmerge into\b|\bwith recursive\b/i.test(code),
    exceptions: [],
  },
};

const files = filesIn('drizzle/engine', '.sql').map((file) => ({
  name: /([^/]+)\.sql$/.exec(file)![1]!,
  code: withoutNotes(textOf(file)),
}));

it('tables by customer are known from the schema', () => {
  expect(spread.size).toBeGreaterThan(20);
  expect([...spread]).toEqual(
    expect.arrayContaining(['customers', 'subscriptions', 'usage_events', 'credit_entries']),
  );
  expect(spread.has('plans')).toBe(false);
});

it.each(Object.keys(rules))('distributed: %s', (name) => {
  const { breaks, error, instead, exceptions } = rules[name]!;
  const found = files
    .filter(({ code }) => breaks(code))
    .map((file) => file.name)
    .toSorted();
  expect(found, `Citus says "${error}". Write ${instead}; or list the file, or take it off the list`).toEqual(
    exceptions,
  );
});
