import { beforeAll, describe, expect, it } from 'vitest';
import { type MigratePage, migrateSubscribers } from '../../src/subscriptions/migrate.ts';
import { asTester } from '../support/catalogue.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, assign, loadLadder } from '../support/plans.ts';

const { sql, env } = await testDatabase();
const began = '2026-01-31T12:00:00Z';
const now = '2026-02-10T00:00:00Z';
let count = 0;

beforeAll(async () => {
  await loadLadder(sql);
  await sql`insert into subctl.plan_versions (plan_id, version, created_at, credits, features, max_users) values ('pro', 2, ${now}, 150, '{"api_access": true, "sso": true}', 2)`;
  await sql`insert into subctl.plan_prices (plan_id, version, "interval", currency, amount) values ('pro', 2, '1mo', 'USD', 39.99)`;
  await sql`insert into subctl.plan_limits (plan_id, version, meter_id, "window", limit_value) values ('pro', 2, 'messages', 'month', 300), ('pro', 2, 'messages', 'period', 80)`;
  await sql`select subctl_internal.compile_all()`;
});

/** A customer of version 1 of pro; the version that is sold is the second from then on. */
async function someone(about: object = {}, how: object = {}): Promise<string> {
  const id = `c${String(++count).padStart(2, '0')}`;
  await addOne(sql, { id, ...about });
  await sql`update subctl.plans set current_version = 1 where id = 'pro'`;
  await assign(sql, began, { customer: id, plan: 'pro', ...how });
  await sql`update subctl.plans set current_version = 2 where id = 'pro'`;
  await sql`update subctl.invoices set status = 'paid', paid_at = issued_at where customer_id = ${id}`;
  return id;
}
const migrate = (page: Partial<MigratePage> = {}, at = now) =>
  asTester(
    sql,
    (tx, change) =>
      migrateSubscribers(tx, change, { plan: 'pro', from: [], when: 'now', after: '', limit: 100, ...page }),
    new Date(at),
  );
const effective = async (customer: string, at: string) =>
  (
    await sql`select plan_id, version, period_start, period_end, anchor from subctl_internal.effective_subscription(${customer}, ${at})`
  )[0]!;

describe('now', () => {
  it('R32 R2: period, anchor and usage go on, nothing is charged, the price holds from the next period, and history says so', async () => {
    const ann = await someone();
    await sql`select subctl.record_usage(customer => ${ann}, kind => 'llm', quantity => 60, as_of => '2026-02-05')`;
    const before = await effective(ann, now);
    const { rows } = await migrate();
    expect(rows).toMatchObject([
      {
        customer: ann,
        action: 'migrated',
        from_version: 1,
        to_version: 2,
        old_price: '29.99',
        new_price: '39.99',
        reason: null,
      },
    ]);
    expect(await effective(ann, now)).toEqual({ ...before, version: 2 });
    const limits =
      await sql`select win, used::text, limit_value::text from subctl.usage_limits(${ann}, ${now}) where meter_id = 'messages' order by win`;
    expect(limits).toMatchObject([
      { win: 'month', used: '60', limit_value: '300' },
      { win: 'period', used: '60', limit_value: '80' },
    ]);
    expect(await sql`select from subctl.invoices where customer_id = ${ann}`).toHaveLength(1);
    const [segment] =
      await sql`select cause, version from subctl.subscription_phases where customer_id = ${ann} order by from_at desc limit 1`;
    expect(segment).toEqual({ cause: 'migrate', version: 2 });

    await subctl(['handle-renewals', '--as-of', '2026-03-01'], { env });
    const [invoice] =
      await sql`select trim_scale(total)::text as total from subctl.invoices where customer_id = ${ann} order by issued_at desc limit 1`;
    expect(invoice).toEqual({ total: '39.99' });
    expect((await effective(ann, '2026-03-02'))['period_end']).toEqual(new Date('2026-03-31T12:00:00Z'));
    expect(await migrate()).toEqual({ rows: [], last: null });
  });

  it('a trial is not cut short: it changes at its end', async () => {
    const tom = await someone({}, { trialDays: 20 });
    expect((await migrate()).rows).toMatchObject([
      { customer: tom, action: 'scheduled', at: new Date('2026-02-20T12:00:00Z') },
    ]);
    expect((await effective(tom, '2026-02-20T11:59:59Z'))['version']).toBe(1);
    expect((await effective(tom, '2026-02-20T12:00:00Z'))['version']).toBe(2);
  });
});

it('R16: at the period’s end it is so by the dates, whether or not a task has run', async () => {
  const pia = await someone();
  expect((await migrate({ when: 'period-end' })).rows).toMatchObject([
    { customer: pia, action: 'scheduled', at: new Date('2026-02-28T12:00:00Z') },
  ]);
  expect((await effective(pia, '2026-02-28T11:59:59Z'))['version']).toBe(1);
  expect((await effective(pia, '2026-02-28T12:00:00Z'))['version']).toBe(2);
  expect(await migrate({ when: 'period-end' })).toEqual({ rows: [], last: null });
});

it('R20 R41: who cannot be moved is named with the reason and stops nobody', async () => {
  const paused = await someone();
  await sql`update subctl.subscriptions set status = 'paused', paused_at = from_at, pause_clock = 'runs' where customer_id = ${paused}`;
  const leaving = await someone();
  await sql`update subctl.subscriptions set pending_plan_id = 'free', pending_version = 1, pending_every = '1mo', pending_price = 0 where customer_id = ${leaving}`;
  const big = await someone({ kind: 'group' });
  await sql`insert into subctl.members (customer_id, member_id, joined_at) select ${big}, m, '2026-01-01' from unnest('{a,b,c}'::text[]) m`;
  const yearly = await someone({}, { every: '1y' });
  const fine = await someone();
  const { rows } = await migrate();
  expect(rows.map(({ customer, action, reason }) => [customer, action, reason])).toEqual([
    [paused, 'skipped', 'The subscription is paused'],
    [leaving, 'skipped', "A change to free is pending for the period's end"],
    [big, 'skipped', `Plan pro allows 2 members and ${big} has 3: a, b, c`],
    [yearly, 'skipped', 'Plan pro has no price per 1y: it has 39.99 USD per 1mo'],
    [fine, 'migrated', null],
  ]);
  await sql`update subctl.subscriptions set status = 'expired', ended_at = from_at, paused_at = null where customer_id in (${paused}, ${leaving}, ${big}, ${yearly})`;
});

it('is resumed where it was cut off: page by page, none twice and none left out', async () => {
  const all = [await someone(), await someone(), await someone()];
  const first = await migrate({ limit: 2 });
  const rest = await migrate({ limit: 2 });
  expect([...first.rows, ...rest.rows].map(({ customer }) => customer)).toEqual(all);
  expect(await migrate()).toEqual({ rows: [], last: null });
});

it('plans migrate: a dry run shows who and what changes and writes nothing; then it is done, under its changes', async () => {
  const eve = await someone();
  const words = ['plans', 'migrate', 'pro', '--as-of', now, '--actor', 'carl', '--reason', 'new prices'];
  const dry = await subctl([...words, '--dry-run'], { env });
  expect(dry.code).toBe(0);
  expect(dry.stdout).toMatch(/messages per month +100 +300/);
  expect(dry.stdout).toMatch(/price per 1mo USD +29\.99 +39\.99/);
  expect(dry.stdout).toContain(eve);
  expect((await effective(eve, now))['version']).toBe(1);
  const done = await subctl([...words, '--json'], { env });
  expect(JSON.parse(done.stdout)).toMatchObject({
    plan: 'pro',
    migrated: 1,
    scheduled: 0,
    skipped: 0,
    dry_run: false,
    rows: [],
  });
  expect((await effective(eve, now))['version']).toBe(2);
  expect(await sql`select actor, reason from subctl.changes where action = 'plans migrate'`).toEqual([
    { actor: 'carl', reason: 'new prices' },
  ]);
  expect((await subctl(['plans', 'migrate', 'nothing'], { env })).code).toBe(3);
});
