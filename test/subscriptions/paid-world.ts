import Big from 'big.js';
import type { Connection } from '../../src/database/connect.ts';
import type { Assigned } from '../../src/subscriptions/assigned.ts';
import type { Assignment } from '../../src/subscriptions/assignment.ts';
import { extendByDays } from '../../src/subscriptions/extend.ts';
import { pauseSubscription } from '../../src/subscriptions/pause.ts';
import { resumeSubscription } from '../../src/subscriptions/resume.ts';
import { handsOn } from '../invoices/world.ts';
import { asTester } from '../support/catalogue.ts';
import { addOne, assign } from '../support/plans.ts';

/** Plans that are sold by the month and by the year: free, basic, pro, and team by the seat. */
export async function loadPaid(sql: Connection): Promise<void> {
  await sql`
    insert into subctl.plans (id, name, rank, active, is_default, fallback, current_version, created_at)
    select id, initcap(id), n, true, id = 'free', 'default', 1, '2025-01-01'
      from (values ('free', 0), ('basic', 1), ('pro', 2), ('top', 3), ('team', 4), ('short', 5), ('long', 6)) p(id, n)`;
  await sql`
    insert into subctl.plan_versions (plan_id, version, created_at, per_seat)
    select id, 1, '2025-01-01', id = 'team' from subctl.plans`;
  await sql`
    insert into subctl.plan_prices (plan_id, version, "interval", currency, amount) values
      ('free', 1, '1mo', 'USD', 0), ('basic', 1, '1mo', 'USD', 29.99), ('basic', 1, '1y', 'USD', 299.90), ('short', 1, '30d', 'USD', 30),
      ('pro', 1, '1mo', 'USD', 99.99), ('pro', 1, '1y', 'USD', 999.90), ('long', 1, '30d', 'USD', 90), ('top', 1, '1mo', 'USD', 200),
      ('team', 1, '1mo', 'USD', 9.99)`;
  await sql`
    insert into subctl.discounts (code, kind, amount, currency, periods, active, created_at) values
      ('FULL', 'percent', 100, null, 1, true, '2025-01-01'), ('HALF', 'percent', 50, null, 1, true, '2025-01-01'),
      ('HALF3', 'percent', 50, null, 3, true, '2025-01-01'), ('TEN', 'fixed', 10, 'USD', 1, true, '2025-01-01')`;
  await sql`select subctl_internal.compile_all()`;
}

/** What a customer does, at instants that are said: days are midnights of UTC. */
export function livesOn(sql: Connection) {
  const hands = handsOn(sql);
  const instant = (at: string) => (at.includes('T') ? at : `${at}T00:00:00Z`);
  const on = <T>(at: string, work: Parameters<typeof asTester<T>>[1]) =>
    asTester(sql, work, new Date(instant(at)));
  let count = 0;
  const newest = async (customer: string) => (await hands.numbers(customer)).at(-1)!;
  const take = (at: string, customer: string, plan: string, about: Partial<Assignment> = {}) =>
    assign(sql, instant(at), { customer, plan, ...about });
  const pay = async (at: string, customer: string) => {
    const number = await newest(customer);
    await hands.pay(instant(at), number, `pay-${number}-${at}`);
    return number;
  };
  const arrive = async (plan: string, zone = 'UTC') => {
    const customer = `c${(count += 1)}`;
    await addOne(sql, { id: customer, kind: plan === 'team' ? 'group' : 'user', timezone: zone });
    return customer;
  };
  return {
    hands,
    take,
    pay,
    arrive,
    newest,
    /** a customer who has a plan and paid for it an hour later */
    buys: async (at: string, plan: string, about: Partial<Assignment> = {}, zone = 'UTC') => {
      const customer = await arrive(plan, zone);
      const made = await take(at, customer, plan, about);
      const invoice = made['invoice'] as { total: string } | null;
      if (invoice && Number(invoice.total) > 0) await pay(at, customer);
      return customer;
    },
    pause: (at: string, customer: string, clock: 'stops' | 'runs' = 'stops', until?: string) =>
      on(at, (tx, change) =>
        pauseSubscription(tx, change, {
          ...{ customer, clock },
          until: until === undefined ? undefined : new Date(instant(until)),
        }),
      ),
    resume: (at: string, customer: string) =>
      on(at, (tx, change) => resumeSubscription(tx, change, customer)),
    extend: (at: string, customer: string, days: number) =>
      on(at, (tx, change) => extendByDays(tx, change, { customer, days })),
    refund: (at: string, number: string, amount?: string) =>
      hands.giveBack(
        instant(at),
        number,
        amount === undefined ? {} : { amount, reference: `${number}-${at}-${amount}` },
      ),
  };
}

/** The lines and the total of what was asked, to the cent. */
export function billOf(done: Assigned): { total: string; lines: Record<string, string>; words: string } {
  const invoice = done['invoice'] as {
    total: string;
    lines: { kind: string; amount: string; description: string }[];
  };
  return {
    total: new Big(invoice.total).toFixed(2),
    lines: Object.fromEntries(invoice.lines.map(({ kind, amount }) => [kind, new Big(amount).toFixed(2)])),
    words: invoice.lines.map(({ description }) => description).join('; '),
  };
}
