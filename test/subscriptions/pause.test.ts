import { beforeAll, describe, expect, it } from 'vitest';
import type { Change } from '../../src/database/change.ts';
import type { Db } from '../../src/database/connect.ts';
import { cancelSubscription } from '../../src/subscriptions/cancel.ts';
import { type Pause, pauseSubscription } from '../../src/subscriptions/pause.ts';
import { resumeSubscription } from '../../src/subscriptions/resume.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, assign, loadLadder } from '../support/plans.ts';
import { runTasks } from '../stories/lives.ts';

const { sql } = await testDatabase();
beforeAll(() => loadLadder(sql));

let count = 0;
const subscribed = async (plan: string, about: object = {}) => {
  const id = `c${++count}`;
  await addOne(sql, { id });
  await assign(sql, '2026-01-01T00:00:00Z', { customer: id, plan, collection: 'complimentary', ...about });
  return id;
};
const doAt = <T>(at: string, work: (tx: Db, change: Change) => Promise<T>) =>
  asTester(sql, work, new Date(at));
const pause = (at: string, customer: string, about: Omit<Pause, 'customer'> = { clock: 'stops' }) =>
  doAt(at, (tx, change) => pauseSubscription(tx, change, { customer, ...about }));
const resume = (at: string, customer: string) =>
  doAt(at, (tx, change) => resumeSubscription(tx, change, customer));
const read = async (customer: string, at: string) => {
  const [row] = await sql`
    select status, access, reason, period_start as start, period_end as "end" from subctl_internal.effective_subscription(${customer}, ${at}::timestamptz)`;
  return row!;
};
const tasks = (customer: string, at: string) => runTasks(sql, [customer], new Date(at));
const events = (customer: string) => sql`
  select from_at as at, previous_status as was, status, cause from subctl.subscription_phases where customer_id = ${customer} order by 1`;
const balance = async (customer: string, at: string) =>
  (
    await sql`select trim_scale(subctl_internal.credit_balance(${customer}, ${at}::timestamptz))::text as b`
  )[0]!['b'];
const use = (customer: string, at: string, quantity: number) =>
  sql`select subctl.record_usage(${customer}, 'message', as_of => ${at}::timestamptz, quantity => ${quantity}) as answer`;
const used = async (customer: string, at: string) =>
  (
    await sql`select trim_scale(used)::text as used from subctl.usage_limits(${customer}, ${at}::timestamptz) where meter_id = 'messages' and win = 'period'`
  )[0]!['used'];

describe('the clock stops', () => {
  it('S5: there is no access, and on resuming the end of the period and coming periods move by the time of the pause', async () => {
    const ann = await subscribed('pro');
    const paused = await pause('2026-01-10T06:00:00Z', ann);
    expect(paused).toMatchObject({ status: 'paused', clock: 'stops', period_end: null });
    expect(paused.sentence).toMatch(
      /The clock stops: the end of its period moves by the length of the pause/,
    );
    expect(await read(ann, '2026-03-05T00:00:00Z')).toMatchObject({
      status: 'paused',
      access: false,
      reason: 'paused',
    });
    const back = await resume('2026-01-20T18:00:00Z', ann);
    expect(back).toMatchObject({ period_end: new Date('2026-02-11T12:00:00Z'), paused_seconds: 907_200 });
    await tasks(ann, '2026-03-20T00:00:00Z');
    expect(await read(ann, '2026-03-20T00:00:00Z')).toMatchObject({
      start: new Date('2026-03-11T12:00:00Z'),
      end: new Date('2026-04-11T12:00:00Z'),
    });
    expect(await events(ann)).toMatchObject([
      { cause: 'new' },
      { cause: 'pause', was: 'active', status: 'paused' },
      { cause: 'resume', was: 'paused', status: 'active', at: new Date('2026-01-20T18:00:00Z') },
      { cause: 'renewal', at: new Date('2026-02-11T12:00:00Z') },
    ]);
  });

  it('keeps what was used, and the credits, for the time that is left', async () => {
    const bob = await subscribed('pro');
    await use(bob, '2026-01-05T00:00:00Z', 30);
    await pause('2026-01-10T00:00:00Z', bob);
    expect((await use(bob, '2026-01-12T00:00:00Z', 1))[0]).toMatchObject({
      answer: { allowed: false, reason: 'paused' },
    });
    await tasks(bob, '2026-02-15T00:00:00Z'); // after the period would have ended
    await resume('2026-02-20T00:00:00Z', bob);
    expect(await balance(bob, '2026-02-20T00:00:00Z')).toBe('100');
    await use(bob, '2026-02-21T00:00:00Z', 4);
    await tasks(bob, '2026-03-01T00:00:00Z');
    expect(await used(bob, '2026-03-01T00:00:00Z')).toBe('34');
    // 22 days were left: the new end is 14 March
    expect(await used(bob, '2026-03-13T23:59:59Z')).toBe('34');
    expect(await used(bob, '2026-03-14T00:00:00Z')).toBe('0');
  });

  it('R16: with an end it resumes by itself, read by dates, and a task writes it at that instant', async () => {
    const cat = await subscribed('pro');
    const until = new Date('2026-01-15T00:00:00Z');
    expect(await pause('2026-01-10T00:00:00Z', cat, { clock: 'stops', until })).toMatchObject({
      period_end: new Date('2026-02-06T00:00:00Z'),
    });
    expect(await read(cat, '2026-01-14T23:59:59Z')).toMatchObject({ access: false });
    expect(await read(cat, '2026-01-15T00:00:00Z')).toMatchObject({ status: 'active', access: true });
    expect(await read(cat, '2026-02-06T00:00:00Z')).toMatchObject({
      start: new Date('2026-02-06T00:00:00Z'),
    });
    await tasks(cat, '2026-02-20T00:00:00Z');
    expect(await events(cat)).toMatchObject([
      { cause: 'new' },
      { cause: 'pause' },
      { cause: 'resume', at: until },
      { cause: 'renewal', at: new Date('2026-02-06T00:00:00Z') },
    ]);
    const [written] =
      await sql`select written_at from subctl.subscription_phases where customer_id = ${cat} and cause = 'resume'`;
    expect(written).toEqual({ written_at: new Date('2026-02-20T00:00:00Z') });
  });

  it('resumed before that end, only the time of the pause counts', async () => {
    const dan = await subscribed('pro');
    await pause('2026-01-10T00:00:00Z', dan, { clock: 'stops', until: new Date('2026-01-30T00:00:00Z') });
    expect(await resume('2026-01-13T00:00:00Z', dan)).toMatchObject({
      period_end: new Date('2026-02-04T00:00:00Z'),
    });
  });

  it('S17: a trial waits too', async () => {
    const eve = await subscribed('trial');
    await pause('2026-01-05T00:00:00Z', eve);
    expect(await resume('2026-01-08T00:00:00Z', eve)).toMatchObject({
      status: 'trialing',
      period_end: new Date('2026-01-18T00:00:00Z'),
    });
    await tasks(eve, '2026-01-18T00:00:00Z');
    expect(await read(eve, '2026-01-18T00:00:00Z')).toMatchObject({
      status: 'active',
      start: new Date('2026-01-18T00:00:00Z'),
    });
  });

  it('nothing is invoiced while it is paused', async () => {
    const fay = await subscribed('bare', { collection: 'invoice' });
    await sql`update subctl.invoices set status = 'paid', paid_at = issued_at where customer_id = ${fay}`;
    await pause('2026-01-31T00:00:00Z', fay);
    await tasks(fay, '2026-04-15T00:00:00Z');
    expect(await sql`select from subctl.invoices where customer_id = ${fay}`).toHaveLength(1);
    await resume('2026-05-01T00:00:00Z', fay);
    await tasks(fay, '2026-05-02T00:00:00Z');
    const invoices =
      await sql`select period_start from subctl.invoices where customer_id = ${fay} order by period_start`;
    expect(invoices).toMatchObject([{}, { period_start: new Date('2026-05-02T00:00:00Z') }]);
  });
});

describe('the clock runs', () => {
  const clock = 'runs';

  it('within the period the end stays where it is', async () => {
    const gil = await subscribed('pro');
    await pause('2026-01-10T00:00:00Z', gil, { clock });
    expect(await resume('2026-01-20T00:00:00Z', gil)).toMatchObject({
      period_end: new Date('2026-02-01T00:00:00Z'),
    });
  });

  it('after the period a new one begins on resuming, and is charged', async () => {
    const hal = await subscribed('bare', { collection: 'invoice' });
    await sql`update subctl.invoices set status = 'paid', paid_at = issued_at where customer_id = ${hal}`;
    await pause('2026-01-10T00:00:00Z', hal, { clock });
    await tasks(hal, '2026-03-01T00:00:00Z');
    expect(await resume('2026-03-05T00:00:00Z', hal)).toMatchObject({
      period_start: new Date('2026-03-05T00:00:00Z'),
      period_end: new Date('2026-04-05T00:00:00Z'),
    });
    const invoices =
      await sql`select period_start from subctl.invoices where customer_id = ${hal} order by period_start`;
    expect(invoices).toMatchObject([{}, { period_start: new Date('2026-03-05T00:00:00Z') }]);
  });

  it('what does not renew is over at its end', async () => {
    const ida = await subscribed('pro', { autoRenew: false });
    await pause('2026-01-10T00:00:00Z', ida, { clock });
    expect(await read(ida, '2026-02-01T00:00:00Z')).toMatchObject({ status: 'active', access: true }); // the fallback
    await tasks(ida, '2026-02-10T00:00:00Z');
    expect(await events(ida)).toMatchObject([
      { cause: 'new' },
      { cause: 'pause' },
      { cause: 'expiry', was: 'paused', at: new Date('2026-02-01T00:00:00Z') },
      { cause: 'fallback' },
    ]);
  });
});

describe('what is refused', () => {
  it('pausing twice, resuming what is not paused, an end that is over', async () => {
    const jan = await subscribed('pro');
    await expect(resume('2026-01-02T00:00:00Z', jan)).rejects.toThrow(/is not paused: it is active/);
    const late = { clock: 'stops', until: new Date('2026-01-02T00:00:00Z') } as const;
    await expect(pause('2026-01-02T00:00:00Z', jan, late)).rejects.toMatchObject({ kind: 'usage' });
    await pause('2026-01-03T00:00:00Z', jan);
    await expect(pause('2026-01-04T00:00:00Z', jan)).rejects.toMatchObject({ kind: 'refused' });
  });

  it('cancelling at an end that nobody knows; now it ends at once', async () => {
    const kim = await subscribed('pro');
    await pause('2026-01-03T00:00:00Z', kim);
    const cancel = (atOnce: boolean) =>
      doAt('2026-01-05T00:00:00Z', (tx, change) => cancelSubscription(tx, change, { customer: kim, atOnce }));
    await expect(cancel(false)).rejects.toThrow(/a stopped clock/);
    expect(await cancel(true)).toMatchObject({ action: 'canceled', plan_now: 'free' });
  });

  it('what is past due', async () => {
    const lea = await subscribed('bare', { collection: 'invoice' });
    await expect(pause('2026-01-20T00:00:00Z', lea)).rejects.toThrow(/past due/);
  });
});
