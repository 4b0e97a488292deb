import { handTables } from './hand-written.ts';

/** One call whose instructions are counted. */
export interface Case {
  name: string;
  what: string;
  /** the database; the one of subctl where none is named */
  database?: 'tpcb';
  prepare: string[];
  /** the n-th execution, one statement on one line */
  execute(n: number): string;
  /** the case that it is compared with */
  base?: string;
  target?: number | { ratio: number };
  /** how many uses one execution records */
  events?: number;
  /** counts the first call of a connection instead of a warm one */
  cold?: boolean;
}

/** Made once: the tables written by hand, and kinds with prices, credits and a rolling limit. */
export const preparations = [
  ...handTables(2000),
  // two kinds of three counters each: one is priced by its tokens, the other costs credits
  `insert into subctl.kinds values ('priced', 'priced'), ('paid', 'paid') on conflict do nothing`,
  `insert into subctl.meters (id, name, kinds, field) select k || '_' || f, k || ' ' || f, array[k], f from (values ('priced', 'quantity'), ('priced', 'tokens'), ('priced', 'cost')) t(k, f)`,
  `insert into subctl.meters (id, name, kinds, field) select 'paid_' || i, 'paid ' || i, '{paid}', 'quantity' from generate_series(1, 3) i`,
  `insert into subctl.plan_limits (plan_id, version, meter_id, "window", limit_value) select 'bench', 1, id, 'period', 1e9 from subctl.meters where id ~ '^(priced|paid)_'`,
  `insert into subctl.credit_costs (plan_id, kind, amount) values ('', 'paid', 2)`,
  `insert into subctl.prices (provider, model, component, effective_from, unit, amount, per, source, recorded_at) select 'openai', 'gpt-bench', c, '2020-01-01', 'token', a, 1000000, 'bench', now() from (values ('input_tokens', 2.5), ('cached_input_tokens', 1.25), ('output_tokens', 10)) t(c, a)`,
  `insert into subctl.kinds values ('rolled', 'rolled') on conflict do nothing`,
  `insert into subctl.meters (id, name, kinds, field) values ('rolled_uses', 'rolled uses', '{rolled}', 'quantity')`,
  `insert into subctl.plan_limits (plan_id, version, meter_id, "window", limit_value) values ('bench', 1, 'rolled_uses', 'rolling_24h', 1e9)`,
  `select subctl_internal.compile_prices(), subctl_internal.compile_all()`,
  `select subctl_internal.grant_credits('c' || i, 1e9, 'bonus', 'bench', 1, now(), null, 'bench', 'bench') from generate_series(1, 40) i`,
  // so that a connection's first call finds the rules of its customer, as it does in a database at work
  `select subctl.record_usage_json('c7', 'three', key => 'before')`,
];

/** so many customers have used something, as all have in a database at work */
const warmed = 40;
const customer = (n: number) => `c${((n * 7919) % warmed) + 1}`;
const key = (n: number) => `k${n}-${(n * 104729) % 1000003}`;

const record = (kind: string, name = 'record_usage_json', more = '') => ({
  prepare: [
    `prepare r(text, text) as select subctl.${name}(customer => $1, kind => '${kind}', key => $2${more})`,
    // a customer's first use opens its windows and makes its sheet: this is what warm means
    ...Array.from({ length: warmed }, (_, n) => `execute r('${customer(n)}', 'warm${n}')`),
  ],
  execute: (n: number) => `execute r('${customer(n)}', '${key(n)}')`,
});

export const cases: Case[] = [
  {
    name: 'tpcb',
    what: 'TPC-B-like, 7 commands',
    database: 'tpcb',
    prepare: [],
    execute: (n) => {
      const [aid, bid, tid, delta] = [((n * 7919) % 100_000) + 1, 1, (n % 10) + 1, n];
      return (
        `do $$ begin update pgbench_accounts set abalance = abalance + ${delta} where aid = ${aid}; perform abalance from pgbench_accounts where aid = ${aid}; ` +
        `update pgbench_tellers set tbalance = tbalance + ${delta} where tid = ${tid}; update pgbench_branches set bbalance = bbalance + ${delta} where bid = ${bid}; ` +
        `insert into pgbench_history (tid, bid, aid, delta, mtime) values (${tid}, ${bid}, ${aid}, ${delta}, current_timestamp); end $$`
      );
    },
  },
  {
    name: 'hand-written',
    what: 'written by hand: key, three conditional updates and the event in one statement',
    prepare: [
      `prepare h(text, text, uuid) as
         with k as (insert into hand.keys values ($1, $2, $3) on conflict do nothing returning 1),
              u as (update hand.counters c set used = used + 1 where customer = $1 and meter in ('m1', 'm2', 'm3') and used + 1 <= 1000000 and exists (select from k) returning 1),
              e as (insert into hand.events (id, customer, kind, quantity) select $3, $1, 'three', 1 where (select count(*) from u) = 3 returning 1)
         select count(*) from e`,
    ],
    execute: (n) => `execute h('${customer(n)}', '${key(n)}', gen_random_uuid())`,
  },
  { name: 'one', what: 'record_usage_json, 1 counter', ...record('one') },
  {
    name: 'three',
    what: 'record_usage_json, 3 counters',
    ...record('three'),
    base: 'hand-written',
    target: 620_000,
  },
  {
    name: 'ten',
    what: 'record_usage_json, 10 counters',
    ...record('ten'),
    base: 'three',
    target: { ratio: 1.25 },
  },
  {
    name: 'priced',
    what: 'record_usage_json, 3 counters: uses, tokens and cost by the price list',
    ...record(
      'priced',
      'record_usage_json',
      `, provider => 'openai', model => 'gpt-bench', input_tokens => 1200, output_tokens => 340, cached_tokens => 200`,
    ),
    base: 'three',
    target: { ratio: 1.3 },
  },
  {
    name: 'credits',
    what: 'record_usage_json, 3 counters, and credits',
    ...record('paid'),
    base: 'three',
    target: { ratio: 1.5 },
  },
  {
    name: 'decided',
    what: 'record_usage_json, 3 counters, with a status: decided in full',
    ...record('three', 'record_usage_json', `, status => 'success'`),
    base: 'three',
  },
  {
    name: 'refused',
    what: 'record_usage_json, 3 counters, refused',
    prepare: [
      ...record('three').prepare,
      `prepare n(text) as select subctl.record_usage_json(customer => $1, kind => 'three', quantity => 2e9)`,
    ],
    execute: (n) => `execute n('${customer(n)}')`,
    base: 'three',
  },
  { name: 'rolling', what: 'record_usage_json, 1 rolling window', ...record('rolled'), base: 'three' },
  {
    name: 'first-use',
    what: 'record_usage_json, 3 counters, the first use of a customer without a subscription',
    prepare: [
      ...record('three').prepare,
      `insert into subctl.customers (id, timezone, created_at) select 'n' || i, 'UTC', now() from generate_series(0, ${warmed * 4}) i`,
    ],
    execute: (n) => `execute r('n${n}', '${key(n)}')`,
    base: 'three',
  },
  {
    name: 'reserve',
    what: 'reserve_usage, 3 counters',
    prepare: [
      ...record('three').prepare,
      `prepare h(text, text) as select subctl.reserve_usage(customer => $1, kind => 'three', key => $2)`,
    ],
    execute: (n) => `execute h('${customer(n)}', '${key(n)}')`,
    base: 'three',
  },
  {
    name: 'settle',
    what: 'settle_usage of a reservation, 3 counters',
    prepare: [
      ...record('three').prepare,
      `create table hand.held as select n, 'c' || (n % ${warmed} + 1) as customer, (subctl.reserve_usage(customer => 'c' || (n % ${warmed} + 1), kind => 'three', key => 'held' || n)->>'reservation')::uuid as id from generate_series(0, ${warmed * 4}) n`,
      `alter table hand.held add primary key (n)`,
      `prepare s(int) as select subctl.settle_usage(customer => h.customer, reservation => h.id) from hand.held h where h.n = $1`,
    ],
    execute: (n) => `execute s(${n})`,
    base: 'three',
  },
  {
    name: 'check',
    what: 'check_usage, 3 counters',
    prepare: [
      ...record('three').prepare,
      `prepare c(text) as select subctl.check_usage(customer => $1, kind => 'three')`,
    ],
    execute: (n) => `execute c('${customer(n)}')`,
    base: 'three',
  },
  {
    name: 'replay',
    what: 'record_usage with a key that is known',
    prepare: record('three').prepare,
    execute: (n) => `execute r('${customer(n % warmed)}', 'warm${n % warmed}')`,
    base: 'three',
    target: { ratio: 1 },
  },
  {
    name: 'batch',
    what: 'record_usage_many_json, 100 uses of 3 counters, an event',
    prepare: [
      ...record('three').prepare,
      `prepare b(jsonb) as select octet_length(subctl.record_usage_many_json($1)::text)`,
    ],
    execute: (n) =>
      `execute b('${JSON.stringify(
        Array.from({ length: 100 }, (_, i) => ({
          customer: customer(n * 100 + i),
          kind: 'three',
          key: `b${n}-${i}`,
        })),
      )}')`,
    events: 100,
    target: 420_000,
  },
  {
    name: 'first-call',
    what: 'record_usage_json, 3 counters, the first call of a connection',
    prepare: [],
    execute: () => `select subctl.record_usage_json(customer => 'c7', kind => 'three', key => 'first')`,
    cold: true,
    base: 'three',
    target: { ratio: 10 },
  },
  {
    name: 'first-decided',
    what: 'record_usage_json, 3 counters, decided in full, the first call of a connection',
    prepare: [],
    execute: () =>
      `select subctl.record_usage_json(customer => 'c7', kind => 'three', status => 'success', key => 'first')`,
    cold: true,
    base: 'decided',
  },
];
