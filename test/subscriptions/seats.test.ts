import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { addMember } from '../../src/customers/add-member.ts';
import { countSeats } from '../../src/customers/seats.ts';
import { runChecks } from '../../src/integrity/run-checks.ts';
import { inTransaction } from '../../src/database/transaction.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, assign, loadLadder } from '../support/plans.ts';
import { runTasks } from '../integrity/town.ts';

const { sql } = await testDatabase();

beforeAll(async () => {
  await loadLadder(sql);
  await sql`
    insert into subctl.plans (id, name, rank, active, is_default, fallback, current_version, created_at) values
      ('team', 'Team', 12, true, false, 'default', 1, '2025-01-01'), ('bigteam', 'Big team', 14, true, false, 'default', 1, '2025-01-01'),
      ('yen', 'Yen', 13, true, false, 'default', 1, '2025-01-01'), ('dinar', 'Dinar', 13, true, false, 'default', 1, '2025-01-01')`;
  await sql`
    insert into subctl.plan_versions (plan_id, version, created_at, credits, max_users, per_seat) values
      ('team', 1, '2025-01-01', 10, 20, true), ('bigteam', 1, '2025-01-01', 20, null, true), ('yen', 1, '2025-01-01', null, null, true),
      ('dinar', 1, '2025-01-01', null, null, true)`;
  await sql`
    insert into subctl.plans (id, name, rank, active, is_default, fallback, current_version, created_at) values ('weekly', 'Weekly', 12, true, false, 'default', 1, '2025-01-01')`;
  await sql`insert into subctl.plan_versions (plan_id, version, created_at, credits, credits_every, per_seat) values ('weekly', 1, '2025-01-01', 10, '7d', true)`;
  await sql`insert into subctl.plan_prices (plan_id, version, "interval", currency, amount) values ('weekly', 1, '1mo', 'USD', 5)`;
  await sql`
    insert into subctl.plan_prices (plan_id, version, "interval", currency, amount) values
      ('team', 1, '1mo', 'USD', 9.99), ('bigteam', 1, '1mo', 'USD', 19.00), ('yen', 1, '1mo', 'JPY', 1000), ('dinar', 1, '1mo', 'KWD', 3.125)`;
  await sql`select subctl_internal.compile_all()`;
});

let count = 0;
async function newGroup(
  seats = 2,
  { plan = 'team', at = '2026-03-01T00:00:00Z', collection = 'invoice' as const } = {},
) {
  const id = `group-${(count += 1)}`;
  await addOne(sql, { id, kind: 'group' }, new Date('2026-01-01T00:00:00Z'));
  await assign(sql, at, { customer: id, plan, seats, collection });
  await pay(id, at);
  return id;
}
const seats = (at: string, customer: string, n: number, plan = 'team') =>
  assign(sql, at, { customer, plan, seats: n, seatsOnly: true });
const join = (customer: string, member: string, at: string) =>
  asTester(sql, (tx, change) => addMember(tx, change, { customer, member, role: 'member' }), new Date(at));
const head = async (customer: string) => {
  const [row] = await sql`
    select quantity, pending_quantity as pending from subctl.subscriptions where customer_id = ${customer} and ended_at is null`;
  return row;
};
const lines = async (customer: string) => {
  const rows = await sql<{ kind: string; amount: string }[]>`
    select l.kind, trim_scale(l.amount)::text as amount from subctl.invoice_lines l join subctl.invoices i on i.customer_id = l.customer_id and i.id = l.invoice_id
     where l.customer_id = ${customer} order by i.number, l.position`;
  return rows.map(({ kind, amount }) => `${kind} ${amount}`);
};
const pay = (customer: string, at: string) => sql`
  select subctl_internal.pay_invoice(customer_id, id, 'manual', number, total, ${at}, ${at}, 'test') from subctl.invoices where customer_id = ${customer} and status = 'open'`;
const night = (at: string) => runTasks(sql, at, { pays: true });
const balance = async (customer: string, at: string) => {
  const [row] = await sql<
    [{ n: string }]
  >`select trim_scale(subctl_internal.credit_balance(${customer}, ${at}))::text as n`;
  return Number(row.n);
};

describe('R38: more seats', () => {
  it('are there now, and the rest of the period is asked for by days', async () => {
    const id = await newGroup(2);
    expect(await lines(id)).toEqual(['plan 19.98']);
    const done = await seats('2026-03-16T12:00:00Z', id, 5);
    // 16 of 31 days of three seats: 9.99 × 3 × 16 / 31 = 15.468…
    expect(done).toMatchObject({ action: 'seats_added', seats: 5, invoice: { total: '15.47' } });
    expect(await lines(id)).toEqual(['plan 19.98', 'seats 15.47']);
    expect(await countSeats(sql, id, new Date('2026-03-16T12:00:00Z'))).toEqual({
      used: 0,
      allowed: 5,
      plan: 'team',
    });
    await pay(id, '2026-03-17T00:00:00Z');
    await night('2026-04-01T01:00:00Z');
    expect((await lines(id)).at(-1)).toBe('plan 49.95');
  });

  it('beyond those of the plan, and of a plan that is not sold so, are refused', async () => {
    const id = await newGroup(2);
    await expect(seats('2026-03-02T00:00:00Z', id, 21)).rejects.toThrow(
      'Plan team has at most 20 seats, not 21',
    );
    await addOne(sql, { id: 'flat', kind: 'group' }, new Date('2026-01-01T00:00:00Z'));
    await assign(sql, '2026-03-01T00:00:00Z', { customer: 'flat', plan: 'pro' });
    await expect(seats('2026-03-02T00:00:00Z', 'flat', 2, 'pro')).rejects.toThrow(
      'Plan pro is not sold by the seat: its price is for 3 members',
    );
    await expect(
      assign(sql, '2026-03-02T00:00:00Z', { customer: 'flat', plan: 'max', seats: 4 }),
    ).rejects.toThrow('not sold by the seat');
  });

  it('give no credits before the next period, whose grant they size', async () => {
    const id = await newGroup(2);
    expect(await balance(id, '2026-03-01T00:00:00Z')).toBe(20);
    await seats('2026-03-10T00:00:00Z', id, 4);
    await pay(id, '2026-03-10T00:00:00Z');
    expect(await balance(id, '2026-03-10T00:00:00Z')).toBe(20);
    expect(await balance(id, '2026-04-01T00:00:00Z')).toBe(40); // by dates, before anybody has written it
    await night('2026-04-01T01:00:00Z');
    expect(await balance(id, '2026-04-01T01:00:00Z')).toBe(40);
  });

  it('during a trial, and in a period that is given away, cost nothing in it', async () => {
    const id = `group-${(count += 1)}`;
    await addOne(sql, { id, kind: 'group' }, new Date('2026-01-01T00:00:00Z'));
    await assign(sql, '2026-03-01T00:00:00Z', { customer: id, plan: 'team', seats: 1, trialDays: 10 });
    expect(await seats('2026-03-02T00:00:00Z', id, 3)).toMatchObject({
      action: 'seats_added',
      invoice: null,
    });
    await night('2026-03-11T01:00:00Z');
    expect(await lines(id)).toEqual(['plan 29.97']);
  });
});

describe('R38: fewer seats', () => {
  it('are from the next period on; until then nothing changes', async () => {
    const id = await newGroup(5);
    const done = await seats('2026-03-10T00:00:00Z', id, 2);
    expect(done).toMatchObject({
      action: 'seats_removed_scheduled',
      seats: 5,
      pending_seats: 2,
      invoice: null,
    });
    for (const [at, allowed] of [
      ['2026-03-31T23:59:59Z', 5],
      ['2026-04-01T00:00:00Z', 2],
    ] as const)
      expect((await countSeats(sql, id, new Date(at))).allowed).toBe(allowed);
    await pay(id, '2026-03-11T00:00:00Z');
    await night('2026-04-01T01:00:00Z');
    expect(await lines(id)).toEqual(['plan 49.95', 'plan 19.98']);
    expect(await head(id)).toEqual({ quantity: 2, pending: null });
  });

  it('R20: than there are people are refused, with their names', async () => {
    const id = await newGroup(3);
    for (const name of ['ada', 'bob', 'cyd']) await join(id, name, '2026-03-02T00:00:00Z');
    await expect(join(id, 'dan', '2026-03-02T00:00:00Z')).rejects.toThrow();
    await expect(seats('2026-03-03T00:00:00Z', id, 2)).rejects.toThrow(
      `2 seats are too few and ${id} has 3: ada, bob, cyd`,
    );
    expect(await head(id)).toEqual({ quantity: 3, pending: null });
  });

  it('that were missed for months size each grant by the seats of its own period', async () => {
    const id = await newGroup(4);
    await pay(id, '2026-03-02T00:00:00Z');
    await seats('2026-03-10T00:00:00Z', id, 1);
    await sql`select subctl.record_usage(${id}, 'message', at => '2026-03-11T00:00:00Z'::timestamptz, as_of => '2026-03-11T00:00:00Z'::timestamptz)`;
    await night('2026-06-02T00:00:00Z');
    const grants = await sql`
      select granted_at, trim_scale(amount)::text as amount from subctl.credit_grants where customer_id = ${id} and source_key like 'plan:team:%' order by 1`;
    expect(grants.map(({ amount }) => Number(amount))).toEqual([40, 10, 10, 10]);
  });

  it('leave the credits of the rest of the period as they were, whoever writes them when', async () => {
    const id = await newGroup(4, { plan: 'weekly' });
    await seats('2026-03-10T00:00:00Z', id, 1, 'weekly');
    // the renewal is written before anybody has written the credits of March
    await sql`select subctl_internal.renew_subscriptions('2026-04-20T00:00:00Z', array[${id}], 'test')`;
    await night('2026-04-20T00:00:00Z');
    const grants = await sql`
      select trim_scale(amount)::text as amount from subctl.credit_grants where customer_id = ${id} and source_key like 'plan:weekly:%' order by granted_at`;
    expect(grants.map(({ amount }) => Number(amount))).toEqual([40, 40, 40, 40, 40, 10, 10, 10]);
  });

  it('of a subscription that ends with its period are refused', async () => {
    const id = await newGroup(4);
    await sql`update subctl.subscriptions set cancel_at_period_end = true where customer_id = ${id}`;
    await expect(seats('2026-03-10T00:00:00Z', id, 1)).rejects.toThrow(
      'ends with its period, so its seats cannot change',
    );
  });
});

it('R38: whatever is added and removed within a period, each seat of it is asked for at most once, and the next is the last word', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ day: fc.integer({ min: 2, max: 30 }), n: fc.integer({ min: 1, max: 20 }) }), {
        minLength: 1,
        maxLength: 6,
      }),
      async (steps) => {
        const id = await newGroup(3);
        await pay(id, '2026-03-01T00:00:00Z');
        const ordered = [...steps].sort((a, b) => a.day - b.day);
        let most = 3;
        let asked = 0;
        for (const { day, n } of ordered) {
          const at = `2026-03-${String(day).padStart(2, '0')}T00:00:00Z`;
          await seats(at, id, n);
          await pay(id, at);
          asked += Math.round((Math.max(0, n - most) * 999 * (32 - day)) / 31 + 1e-9);
          most = Math.max(most, n);
          expect((await head(id))!['quantity']).toBe(most);
        }
        const [{ sum }] = await sql<[{ sum: string }]>`
          select coalesce(sum(amount), 0)::text as sum from subctl.invoice_lines where customer_id = ${id} and kind = 'seats'`;
        expect(Math.round(Number(sum) * 100)).toBe(asked);
        await pay(id, '2026-03-31T00:00:00Z');
        await night('2026-04-01T01:00:00Z');
        expect((await lines(id)).at(-1)).toBe(`plan ${(ordered.at(-1)!.n * 999) / 100}`);
        expect(await head(id)).toEqual({ quantity: ordered.at(-1)!.n, pending: null });
      },
    ),
    { numRuns: 8, seed: 38, endOnFailure: true },
  );
});

it('R38: seats go along to another plan that is sold by the seat, and are paid for there; to a flat one they do not', async () => {
  const id = await newGroup(3);
  const up = await assign(sql, '2026-03-16T00:00:00Z', { customer: id, plan: 'bigteam' });
  // three at 19.00, less 16 of 31 days of three at 9.99
  expect(up).toMatchObject({ seats: 3, invoice: { total: '41.53' } });
  await assign(sql, '2026-03-17T00:00:00Z', { customer: id, plan: 'max' });
  expect(await head(id)).toEqual({ quantity: 1, pending: null });
  await assign(sql, '2026-03-18T00:00:00Z', { customer: id, plan: 'team', seats: 4 });
  expect(await head(id)).toEqual({ quantity: 1, pending: 4 });
});

it.each([
  // 16 of 31 days of two more seats: 1032.258…, and of dinars 3.2258…
  ['yen', '1032'],
  ['dinar', '3.226'],
])('R27 in a currency of its own scale: %s', async (plan, total) => {
  const id = await newGroup(1, { plan });
  expect(await seats('2026-03-16T00:00:00Z', id, 3, plan)).toMatchObject({ invoice: { total } });
});

it('R45: after all of it the books are right', async () => {
  const found = await inTransaction(sql, (tx) => runChecks(tx, { now: new Date('2026-06-02T00:00:00Z') }), {
    readOnly: true,
  });
  expect(found.filter(({ count: n, check }) => n > 0 && !/windows|parked|jobs|audit/.test(check))).toEqual(
    [],
  );
});
