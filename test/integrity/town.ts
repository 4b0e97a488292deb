import { addMember } from '../../src/customers/add-member.ts';
import { setLimit } from '../../src/customers/set-limit.ts';
import type { Connection } from '../../src/database/connect.ts';
import { cancelSubscription } from '../../src/subscriptions/cancel.ts';
import { asTester } from '../support/catalogue.ts';
import { addOne, assign, loadLadder } from '../support/plans.ts';
import { record, type Use } from '../usage/world.ts';

/** The instant at which the integrity of the town is checked. */
export const townNow = new Date('2026-06-01T00:00:00Z');

/**
 * A small town with something in every table, made by the ways that everyone uses: ann pays and renews, bob went up and fell back, team is
 * a group with members and sessions, tia had a trial, una never subscribed, cora has a limit of her own, zoe moved.
 */
export async function buildTown(sql: Connection): Promise<void> {
  await loadLadder(sql);
  await enrichLadder(sql);
  await people(sql);
  await aliceToZoe(sql);
  await months(sql);
  await money(sql);
  await work(sql);
}

/** The ladder's plans with every kind of window, members, sessions, free and multiplied models, prices. */
export async function enrichLadder(sql: Connection): Promise<void> {
  await sql`insert into subctl.kinds (id, canonical) values ('stt', 'stt')`;
  await sql`
    insert into subctl.meters (id, name, kinds, tier, field) values
      ('tokens', 'Tokens', '{llm}', 'paid', 'tokens'), ('free_messages', 'Free', '{llm}', 'free', 'quantity'), ('cost_usd', 'Cost', null, null, 'cost')`;
  await sql`
    insert into subctl.plan_limits (plan_id, version, meter_id, "window", scope, limit_value) values
      ('pro', 1, 'messages', 'rolling_12h', 'customer', 30), ('pro', 1, 'messages', 'day', 'member', 10), ('pro', 1, 'messages', 'rolling_3h', 'member', 9),
      ('pro', 1, 'messages', 'session', 'customer', 8), ('pro', 1, 'images', 'lifetime', 'customer', 50), ('pro', 1, 'tokens', 'month', 'customer', 100000),
      ('pro', 1, 'cost_usd', 'month', 'customer', 5), ('pro', 1, 'free_messages', 'month', 'customer', 20), ('free', 1, 'images', 'lifetime', 'customer', 50)`;
  // every plan counts the same windows: what a plan does not count is not in them when another does again
  await sql`
    insert into subctl.plan_limits (plan_id, version, meter_id, "window", scope)
    select v.plan_id, v.version, l.meter_id, l."window", l.scope
      from subctl.plan_versions v cross join (select distinct meter_id, "window", scope from subctl.plan_limits) l on conflict do nothing`;
  await sql`update subctl.plan_versions set rollover_max = 30 where plan_id = 'pro'`;
  await sql`insert into subctl.credit_costs (plan_id, kind, amount) values ('', 'image', 2.5)`;
  await sql`
    insert into subctl.models (provider, pattern, free_tier, multiplier) values ('openai', 'big*', false, 1.5), ('hub', '*', true, 1)`;
  await sql`
    insert into subctl.prices (provider, model, component, effective_from, revision, unit, amount, per, source, recorded_at) values
      ('openai', 'big', 'input_tokens', '2025-01-01', 1, 'token', 3, 1000000, 'test', '2025-01-01'),
      ('openai', 'big', 'output_tokens', '2025-01-01', 1, 'token', 15, 1000000, 'test', '2025-01-01'),
      ('openai', 'big', 'input_tokens', '2026-03-01', 1, 'token', 2, 1000000, 'test', '2025-01-01'),
      ('hub', 'default', 'request', '2025-01-01', 1, 'request', 0.001, 1, 'test', '2025-01-01')`;
  await sql`select subctl_internal.compile_prices()`;
  await sql`select subctl_internal.compile_all()`;
}

async function people(sql: Connection): Promise<void> {
  const at = new Date('2026-01-31T00:00:00Z');
  for (const id of ['ann', 'bob', 'tia', 'una', 'cora', 'zoe', 'max']) await addOne(sql, { id }, at);
  await addOne(sql, { id: 'team', kind: 'group' }, at);
}

async function aliceToZoe(sql: Connection): Promise<void> {
  await assign(sql, '2026-01-31T12:00:00Z', { customer: 'ann', plan: 'pro' });
  await payBills(sql, '2026-01-31T12:00:00Z');
  await assign(sql, '2026-02-03T00:00:00Z', { customer: 'bob', plan: 'free' });
  await assign(sql, '2026-02-01T00:00:00Z', { customer: 'team', plan: 'pro', collection: 'complimentary' });
  await assign(sql, '2026-02-01T00:00:00Z', { customer: 'tia', plan: 'trial', collection: 'complimentary' });
  await assign(sql, '2026-02-01T00:00:00Z', { customer: 'cora', plan: 'pro', collection: 'complimentary' });
  await assign(sql, '2026-02-10T00:00:00Z', { customer: 'max', plan: 'pro' });
  for (const member of ['mia', 'moe'])
    await asTester(
      sql,
      (tx, change) => addMember(tx, change, { customer: 'team', member, role: 'member' }),
      new Date('2026-02-01T00:00:00Z'),
    );
  await asTester(
    sql,
    (tx, change) =>
      setLimit(
        tx,
        { ...change, reason: 'asked for more' },
        { customer: 'cora', meter: 'messages', window: 'month', scope: 'customer', limit: '7' },
      ),
    new Date('2026-02-02T00:00:00Z'),
  );
}

const day = (month: number, at: number, hour = 9) =>
  new Date(Date.UTC(2026, month - 1, at, hour)).toISOString();

async function use(sql: Connection, asked: Use): Promise<void> {
  const answer = await record(sql, asked);
  if (!answer.allowed)
    throw new Error(`${asked.customer} at ${String(asked.as_of)}: ${answer.message ?? ''}`);
}

const big = { provider: 'openai', model: 'big', input_tokens: 1001, output_tokens: 333 };

async function months(sql: Connection): Promise<void> {
  for (const month of [2, 3, 4]) {
    for (const n of [3, 4, 9]) {
      await use(sql, {
        customer: 'ann',
        as_of: day(month, n),
        quantity: 2,
        key: `ann-${month}-${n}`,
        ...big,
      });
      await use(sql, { customer: 'ann', as_of: day(month, n, 11), kind: 'image', key: `pic-${month}-${n}` });
      await use(sql, {
        customer: 'team',
        as_of: day(month, n),
        member: 'mia',
        session: `s${month}`,
        quantity: 2,
      });
      await use(sql, { customer: 'team', as_of: day(month, n, 10), member: 'moe', quantity: 4 });
      await use(sql, { customer: 'team', as_of: day(month, n, 11), member: 'mia', quantity: 2 });
      await use(sql, { customer: 'cora', as_of: day(month, n), quantity: 2 });
      await use(sql, { customer: 'zoe', as_of: day(month, n), kind: 'image' });
      await use(sql, { customer: 'bob', as_of: day(month, n), kind: 'image' });
    }
    await use(sql, { customer: 'tia', as_of: day(month, 5), quantity: 1 });
    await use(sql, { customer: 'una', as_of: day(month, 6), quantity: 4, provider: 'hub', model: 'small' });
    await use(sql, {
      customer: 'ann',
      as_of: day(month, 20),
      provider: 'nobody',
      model: 'new',
      input_tokens: 5,
      output_tokens: 5,
      already_spent: true,
    });
    if (month === 2) {
      await assign(sql, '2026-02-15T00:00:00Z', { customer: 'bob', plan: 'pro' });
      await payBills(sql, '2026-02-15T00:00:00Z');
      await use(sql, { customer: 'bob', as_of: day(2, 16), quantity: 3 });
    }
    if (month === 3)
      await asTester(
        sql,
        (tx, change) => cancelSubscription(tx, change, { customer: 'bob', atOnce: true }),
        new Date(day(3, 20)),
      );
    await runTasks(sql, day(month + 1, 1, 1));
    // late: into the month that was closed at its end
    await use(sql, { customer: 'cora', as_of: day(month + 1, 2), at: day(month, 28), quantity: 1 });
  }
  await record(sql, { customer: 'cora', as_of: day(5, 3), quantity: 100 });
  await use(sql, { customer: 'cora', as_of: day(5, 4), quantity: 6 });
  await use(sql, { customer: 'team', as_of: day(5, 4), member: 'mia', quantity: 8 });
}

/** The four tasks for all customers, until nothing is due. */
export async function runTasks(sql: Connection, at: string, { pays = true } = {}): Promise<void> {
  await asTester(
    sql,
    async (tx, change) => {
      const customers = (await tx<{ id: string }[]>`select id from subctl.customers`).map(({ id }) => id);
      for (let done = 1; done > 0;) {
        const [row] = await tx<[{ done: number }]>`
          select subctl_internal.close_windows(${at}, ${customers}::text[], ${change.id}) + subctl_internal.reset_credits(${at}, ${customers}::text[], ${change.id})
               + subctl_internal.expire_subscriptions(${at}, ${customers}::text[], ${change.id}) + subctl_internal.renew_subscriptions(${at}, ${customers}::text[], ${change.id}) as done`;
        done = row.done;
      }
    },
    new Date(at),
  );
  if (pays) await payBills(sql, at);
}

/** ann and bob pay what they owe, max never does. */
async function payBills(sql: Connection, at: string): Promise<void> {
  await asTester(
    sql,
    async (tx, change) => {
      await tx`
        insert into subctl.payments (customer_id, id, invoice_id, provider, reference, status, amount, amount_minor, currency, at, change_id)
        select i.customer_id, subctl_internal.uuid7(${at}), i.id, 'manual', i.number, 'paid', i.total, (i.total * 100)::bigint, i.currency, ${at}, ${change.id}
          from subctl.invoices i where i.status = 'open' and i.customer_id in ('ann', 'bob')`;
      await tx`update subctl.invoices set status = 'paid', paid_at = ${at} where status = 'open' and customer_id in ('ann', 'bob')`;
    },
    new Date(at),
  );
}

async function money(sql: Connection): Promise<void> {
  await asTester(
    sql,
    async (tx, change) => {
      await tx`select subctl_internal.grant_credits('ann', 12.5, 'promotion', 'spring', 10, ${day(5, 5)}, ${day(7, 5)}, 'spring', ${change.id})`;
      await tx`select subctl_internal.deduct_credits('ann', 20, ${day(5, 6)}, 'correction', ${change.id})`;
      const [paid] = await tx`select id from subctl.payments where customer_id = 'ann' order by at limit 1`;
      const [back] =
        await tx`select refund from subctl_internal.start_refund('ann', ${paid!['id']}::uuid, 'kind', 4.5, 'kindness', ${day(5, 6)}, ${change.id})`;
      await tx`select subctl_internal.settle_refund('ann', ${back!['refund']}::uuid, 'refunded', null, null, ${day(5, 6)})`;
      await tx`
        insert into subctl.discounts (code, kind, amount, max_uses, max_uses_per_customer, created_at) values ('TEN', 'percent', 10, 2, 1, '2026-01-01')`;
      await tx`
        insert into subctl.discount_redemptions (customer_id, code, id, at, amount, change_id)
        values ('ann', 'TEN', subctl_internal.uuid7('2026-05-01'), '2026-05-01', 3, ${change.id}), ('bob', 'TEN', subctl_internal.uuid7('2026-05-01'), '2026-05-01', 3, ${change.id})`;
    },
    new Date(day(5, 6)),
  );
}

async function work(sql: Connection): Promise<void> {
  await sql`
    insert into subctl.jobs (task, cron, next_due, lease_token) values ('reset-credits', '0 * * * *', '2026-06-01T01:00:00Z', 3)`;
  await sql`
    insert into subctl.job_runs (task, scheduled_for, sequence, as_of, trigger, actor, host, pid, token, started_at, finished_at, outcome)
    values ('reset-credits', '2026-05-31', 1, '2026-05-31', 'cron', 'root', 'here', 1, 3, '2026-05-31', '2026-05-31T00:00:02Z', 'done')`;
  await sql`
    insert into subctl.parked (task, customer_id, id, reason, attempts, first_at, last_at, last_error)
    values ('handle-renewals', 'max', 'x', 'failed', 2, '2026-05-01', '2026-05-02', 'boom')`;
  await sql`
    insert into subctl.reservations (customer_id, id, at, expires_at, asked, held, status, ended_at)
    values ('ann', subctl_internal.uuid7('2026-05-01'), '2026-05-01', '2026-05-01T01:00:00Z', '{}', '[]', 'released', '2026-05-01T00:10:00Z')`;
}
