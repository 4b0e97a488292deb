import { beforeAll, describe, expect, test } from 'vitest';
import { renewals as handleRenewals } from '../../src/tasks/renewals.ts';
import { testDatabase } from '../support/database.ts';
import { run, stateOf } from './fixture.ts';

const { sql } = await testDatabase();
const start = '2026-01-31T12:00:00Z';

beforeAll(async () => {
  await sql`insert into subctl.plans (id, name, rank, fallback, current_version, created_at)
            values ('paid', 'Paid', 1, 'none', 1, '2020-01-01'), ('free', 'Free', 0, 'none', 1, '2020-01-01')`;
  await sql`insert into subctl.plan_versions (plan_id, version, created_at) values ('paid', 1, '2020-01-01'), ('free', 1, '2020-01-01')`;
  await sql`insert into subctl.plan_prices (plan_id, version, "interval", currency, amount)
            values ('paid', 1, '1mo', 'USD', 10), ('paid', 1, '1y', 'USD', 100), ('free', 1, '1mo', 'USD', 0)`;
  await sql`select subctl_internal.compile_all()`;
});

async function subscribe(id: string, { plan = 'paid', every = '1mo', at = start } = {}): Promise<void> {
  await sql`select subctl_internal.create_customer(${id}, ${at})`;
  await sql`
    select subctl_internal.start_subscriptions(array[${id}], array[${at}::timestamptz], ${plan}, 1, ${every}, 'USD', p.amount, ${plan === 'paid' ? 'invoice' : 'free'},
           0, true, null, 'tester', null, 'new', null, ${at}, 'test')
      from subctl.plan_prices p where p.plan_id = ${plan} and p."interval" = ${every}`;
}

const renewalsOf = (id: string) =>
  sql<{ start: string; outcome: string; reason: string | null; amount: string | null }[]>`
    select subctl_internal.iso(period_start) as start, outcome, reason, trim_scale(amount) as amount from subctl.renewals where customer_id = ${id} order by period_start`;

/** The dry run, then the run: both must say the same. */
async function both(id: string, asOf: string, chargeMissed?: string) {
  const ask = { customer: id, chargeMissed, keepRows: true };
  const before = await stateOf(sql);
  const shown = await handleRenewals.preview(sql, { ...ask, asOf: new Date(asOf) });
  expect(await stateOf(sql)).toEqual(before);
  const report = await run(sql, handleRenewals, asOf, { ask });
  expect(report!.rows).toEqual(shown.filter(({ action }) => action !== 'park'));
  expect(report!.done).toBe(handleRenewals.count(shown));
  return { shown, report: report! };
}

describe('R36: periods that were missed are written one row each, from the original anchor, and what is charged is a choice', () => {
  const starts = ['2026-02-28', '2026-03-31', '2026-04-30', '2026-05-31'].map(
    (day) => `${day}T12:00:00.000Z`,
  );

  test.each([
    ['latest', ['renewed', 'renewed', 'renewed', 'invoiced']],
    ['all', ['invoiced', 'invoiced', 'invoiced', 'invoiced']],
    ['none', ['renewed', 'renewed', 'renewed', 'renewed']],
  ])('--charge-missed %s', async (which, outcomes) => {
    const id = `missed-${which}`;
    await subscribe(id);
    const { shown, report } = await both(id, '2026-06-10T00:00:00Z', which);
    expect(shown.map(({ due_at: at }) => at.toISOString())).toEqual(starts);
    expect(report).toMatchObject({ done: 4, parked: 0 });
    const rows = await renewalsOf(id);
    expect(rows.map((row) => [row.start, row.outcome])).toEqual(starts.map((at, n) => [at, outcomes[n]]));
    expect(rows.map(({ amount }) => amount)).toEqual(outcomes.map((o) => (o === 'invoiced' ? '10' : null)));
    expect(rows.map(({ reason }) => reason)).toEqual(
      outcomes.map((o) => (o === 'invoiced' ? null : 'missed period, not charged')),
    );
    const invoices = await sql`
      select subctl_internal.iso(period_start) as start, total from subctl.invoices where customer_id = ${id} order by period_start`;
    expect(invoices.map((row) => row['start'])).toEqual(starts.filter((_, n) => outcomes[n] === 'invoiced'));
  });

  test('the dry run shows what follows a pause that ends by itself', async () => {
    await subscribe('paused', { plan: 'free' });
    await sql`
      update subctl.subscriptions set status = 'paused', paused_at = '2026-02-10T12:00Z', resumes_at = '2026-02-20T12:00Z', pause_clock = 'runs', from_at = '2026-02-10T12:00Z'
       where customer_id = 'paused'`;
    const { shown } = await both('paused', '2026-04-15T00:00:00Z');
    expect(shown.map(({ action, due_at: at }) => [action, at.toISOString().slice(0, 10)])).toEqual([
      ['resume', '2026-02-20'],
      ['renew', '2026-02-28'],
      ['renew', '2026-03-31'],
    ]);
  });

  test('with a limit the dry run shows whole customers, each with every period', async () => {
    for (const id of ['some1', 'some2']) await subscribe(id, { plan: 'free' });
    const shown = await handleRenewals.preview(sql, { asOf: new Date('2026-04-10T00:00:00Z'), limit: 1 });
    expect(new Set(shown.map(({ customer }) => customer)).size).toBe(1);
    expect(shown).toHaveLength(2);
  });
});

describe('R37: what would be charged more than is believable is parked with its reason, and nothing of it is written', () => {
  async function parks(id: string, asOf: string, which: string, reason: RegExp): Promise<void> {
    const { shown, report } = await both(id, asOf, which);
    expect(shown).toMatchObject([{ action: 'park', reason: expect.stringMatching(reason) as string }]);
    expect(report).toMatchObject({ done: 0, parked: 1 });
    expect(await renewalsOf(id)).toEqual([]);
    expect(await sql`select reason, last_error from subctl.parked where customer_id = ${id}`).toMatchObject([
      { reason: 'refused', last_error: expect.stringMatching(reason) as string },
    ]);
  }

  test('13 charges in a run are too many, 12 are not', async () => {
    await subscribe('twelve');
    expect((await both('twelve', '2027-02-10T00:00:00Z', 'all')).report).toMatchObject({
      done: 12,
      parked: 0,
    });
    await subscribe('thirteen');
    await parks(
      'thirteen',
      '2027-03-10T00:00:00Z',
      'all',
      /paid would be charged 13 times in one run, and 12 is the maximum/,
    );
  });

  test('one who is parked stops nobody else, and is done when the missed periods are not charged', async () => {
    const asOf = '2027-03-10T00:00:00Z';
    for (const id of ['long1', 'long2', 'long3']) await subscribe(id);
    await sql`update subctl.subscriptions set complimentary_periods = 12 where customer_id in ('long1', 'long3')`;
    const ask = { keepRows: true, chargeMissed: 'all' };
    await run(sql, handleRenewals, asOf, { ask });
    const counts = await sql`
      select customer_id, count(*)::int as n, count(amount)::int as charged from subctl.renewals where customer_id like 'long%' group by 1 order by 1`;
    expect(counts).toMatchObject([
      { customer_id: 'long1', n: 13, charged: 1 },
      { customer_id: 'long3', n: 13, charged: 1 },
    ]);
    await sql`update subctl.parked set next_try_at = ${asOf} where customer_id = 'long2'`;
    await run(sql, handleRenewals, asOf, { ask: { customer: 'long2', chargeMissed: 'latest' } });
    expect((await renewalsOf('long2')).map(({ outcome }) => outcome).slice(-2)).toEqual([
      'renewed',
      'invoiced',
    ]);
    expect(await sql`select 1 from subctl.parked where customer_id = 'long2'`).toEqual([]);
  });

  test('the charges of a day count together, and the bounds are settings', async () => {
    await sql`insert into subctl.settings (key, value) values ('charges_per_run', '3'), ('charges_per_day', '4') on conflict (key) do update set value = excluded.value`;
    await subscribe('busy');
    expect((await both('busy', '2026-05-10T00:00:00Z', 'all')).report).toMatchObject({ done: 3 });
    // its period is put back, as by a mistake: the same three would be charged again
    await sql`update subctl.renewals set period_start = period_start - interval '1 year', period_end = period_end - interval '1 year' where customer_id = 'busy'`;
    await sql`update subctl.invoices set status = 'paid', paid_at = issued_at, source_key = 'moved ' || source_key where customer_id = 'busy'`;
    await sql`update subctl.subscriptions set current_period_start = ${start}, current_period_end = '2026-02-28T12:00Z' where customer_id = 'busy'`;
    expect((await both('busy', '2026-05-10T12:00:00Z', 'all')).shown).toMatchObject([
      {
        action: 'park',
        reason: expect.stringMatching(/6 times within a day, and 4 is the maximum/) as string,
      },
    ]);
    await sql`delete from subctl.settings where key like 'charge%'`;
  });

  test('a period that begins more than 36 months after the last one is not charged; what is free goes on however late', async () => {
    await subscribe('ages', { every: '1y', at: '2020-01-31T12:00:00Z' });
    await parks(
      'ages',
      '2026-02-10T00:00:00Z',
      'latest',
      /begins more than 36 months after 2021-01-31T12:00:00.000Z/,
    );
    await subscribe('free-ages', { plan: 'free', at: '2020-01-31T12:00:00Z' });
    expect((await both('free-ages', '2026-02-10T00:00:00Z')).report).toMatchObject({ done: 72, parked: 0 });
  });
});
