import { beforeAll, describe, expect, it } from 'vitest';
import { failedChecks } from '../integrity/failed-checks.ts';
import { runTasks } from '../stories/lives.ts';
import { testDatabase } from '../support/database.ts';
import { assign, loadLadder } from '../support/plans.ts';
import { payers } from './payers.ts';

const { sql } = await testDatabase();
beforeAll(() => loadLadder(sql));
const { payer, pay, read, statuses, dues } = payers(sql, 'overdue');

describe('R31 R35: a plan that waits while something is overdue', () => {
  const overdue = async () => {
    const id = await payer();
    await sql`update subctl.invoices set due_at = '2026-01-30' where customer_id = ${id}`;
    return id;
  };
  const credits = async (customer: string, at: string) => {
    const [row] =
      await sql`select subctl_internal.credit_balance(${customer}, ${at}::timestamptz)::int as credits`;
    return row!['credits'] as number;
  };
  const tiles = async (at: string) =>
    (await failedChecks(sql, new Date(at))).filter(({ check }) =>
      ['renewals', 'segments', 'periods'].includes(check),
    );

  it.each(['2026-01-20T00:00:00Z', '2026-01-31T00:00:00Z'])(
    'asked for on %s is taken at the period’s end, and a payment after it changes no reading',
    async (when) => {
      const id = await overdue();
      await assign(sql, when, { customer: id, plan: 'free', when: 'period-end' });
      const seen = { plan: 'free', status: 'past_due', since: new Date('2026-02-01T00:00:00Z') };
      expect(await read(id, '2026-01-31T12:00:00Z')).toMatchObject({ plan: 'pro', status: 'past_due' });
      expect(await read(id, '2026-02-02T00:00:00Z')).toMatchObject(seen);
      await runTasks(sql, [id], new Date('2026-02-02T00:00:00Z'));
      expect(await read(id, '2026-02-02T00:00:00Z')).toMatchObject(seen);
      expect(await credits(id, '2026-02-02T00:00:00Z')).toBe(10);
      await pay(id, '2026-02-04T00:00:00Z');
      expect(await read(id, '2026-02-02T00:00:00Z')).toMatchObject(seen);
      expect(await read(id, '2026-02-04T00:00:00Z')).toMatchObject({ plan: 'free', status: 'active' });
      expect(await credits(id, '2026-02-04T00:00:00Z')).toBe(10);
      expect(await dues(id)).toHaveLength(1);
    },
  );

  it('is what ends with the grace of the plan before, whose fallback is its own, whoever writes it', async () => {
    const [written, unwritten] = [await overdue(), await overdue()];
    for (const id of [written, unwritten])
      await assign(sql, '2026-01-20T00:00:00Z', {
        customer: id,
        plan: 'gift',
        collection: 'complimentary',
        when: 'period-end',
      });
    await runTasks(sql, [written], new Date('2026-02-06T00:00:00Z'));
    for (const id of [written, unwritten])
      expect(await read(id, '2026-02-07T00:00:00Z')).toMatchObject({
        plan: 'gift',
        status: 'expired',
        access: false,
      });
    await runTasks(sql, [unwritten], new Date('2026-02-20T00:00:00Z'));
    expect(await statuses(unwritten)).toEqual(await statuses(written));
    expect((await statuses(written)).map(({ status }) => status)).toEqual([
      'active',
      'past_due',
      'past_due',
      'expired',
    ]);
    expect(await tiles('2026-02-21T00:00:00Z')).toEqual([]);
  });

  it('asked for after the period’s end comes at the end of the one that runs, which is asked for once it is paid', async () => {
    const id = await overdue();
    const { effective_at: at } = await assign(sql, '2026-02-02T00:00:00Z', {
      customer: id,
      plan: 'free',
      when: 'period-end',
    });
    expect(at).toEqual(new Date('2026-03-01T00:00:00Z'));
    await pay(id, '2026-02-04T00:00:00Z');
    expect(await read(id, '2026-02-05T00:00:00Z')).toMatchObject({ plan: 'pro', status: 'active' });
    expect(await dues(id)).toMatchObject([
      { status: 'paid' },
      {
        period_start: new Date('2026-02-01T00:00:00Z'),
        due_at: new Date('2026-02-18T00:00:00Z'),
        status: 'open',
      },
    ]);
    await pay(id, '2026-02-10T00:00:00Z');
    expect(await read(id, '2026-03-01T00:00:00Z')).toMatchObject({ plan: 'free', status: 'active' });
    expect(await tiles('2026-03-02T00:00:00Z')).toEqual([]);
  });

  it('R36: a change now writes the periods that began meanwhile', async () => {
    const id = await overdue();
    await assign(sql, '2026-02-02T00:00:00Z', { customer: id, plan: 'free', when: 'now' });
    await runTasks(sql, [id], new Date('2026-03-02T00:00:00Z'));
    const renewals = await sql`select period_start from subctl.renewals where customer_id = ${id} order by 1`;
    expect(renewals).toEqual(
      ['2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z'].map((at) => ({ period_start: new Date(at) })),
    );
    expect(await tiles('2026-03-03T00:00:00Z')).toEqual([]);
  });
});
