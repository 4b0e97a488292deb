/**
 * What an application's developer would write by hand for three limits, an event and an idempotency key, in a schema of its own: the
 * yardstick beside TPC-B. It knows no plans, windows, refusals with reasons or answers.
 */
export const handTables = (customers: number) => [
  `create schema if not exists hand`,
  `create table if not exists hand.counters (customer text, meter text, used numeric not null default 0, primary key (customer, meter)) with (fillfactor = 70)`,
  `create table if not exists hand.keys (customer text, key text, event uuid, primary key (customer, key))`,
  `create table if not exists hand.events (id uuid primary key, customer text, kind text, quantity numeric, at timestamptz default now())`,
  `insert into hand.counters select 'c' || i, 'm' || j, 0 from generate_series(1, ${customers}) i, generate_series(1, 3) j on conflict do nothing`,
  `vacuum analyze hand.counters`,
];

export const meters = ['m1', 'm2', 'm3'];

/** Its transaction, statement by statement, over SQL expressions for the customer and the key. */
export const handTransaction = (customer: string, key: string): string[] => [
  'begin',
  `insert into hand.keys values (${customer}, ${key}, gen_random_uuid()) on conflict do nothing`,
  ...meters.map(
    (meter) =>
      `update hand.counters set used = used + 1 where customer = ${customer} and meter = '${meter}' and used + 1 <= 1000000`,
  ),
  `insert into hand.events (id, customer, kind, quantity) values (gen_random_uuid(), ${customer}, 'three', 1)`,
  'commit',
];
