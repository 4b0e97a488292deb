import Big from 'big.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Burning, runOut } from '../../src/usage/project-credits.ts';
import { type UsageProjection, projectUsage } from '../../src/usage/project.ts';
import { testDatabase } from '../support/database.ts';
import { programOn } from '../support/program.ts';
import { customer, lay, plan, record, subscribe } from './world.ts';

const { sql, env } = await testDatabase();
const { say, json } = programOn(env);
const projectionOf = (who: string, at: string) => json<UsageProjection>(`usage project ${who} --as-of ${at}`);
const limitOf = ({ limits }: UsageProjection, meter: string, window: string) =>
  limits.find((limit) => limit.meter === meter && limit.window === window)!;

beforeAll(async () => {
  await lay(sql, undefined, { image: '1' });
  await plan(sql, 'term', {
    limits: { cost_usd: { period: 150 }, calls: { period: 5000 }, messages: { period: 1 } },
    every: '30d',
  });
  await plan(sql, 'month', {
    limits: {
      messages: { month: 100, day: 10, rolling_24h: 50, lifetime: 900 },
      files: { month: [10, 'overage'] },
    },
    credits: '100',
  });
});

describe('usage project', () => {
  it('T6 G38 defect 55: 15.75 after ten of thirty days will be 47.25, 31.5 % of 150: by the share of its own window', async () => {
    await customer(sql, 'ann');
    await subscribe(sql, 'ann', 'term', { at: '2026-01-25T09:00:00Z', every: '30d' });
    // what she cost before this period is no part of it
    await record(sql, { customer: 'ann', as_of: '2026-01-26T00:00:00Z', kind: 'search', cost: '99' });
    await record(sql, { customer: 'ann', as_of: '2026-02-28T12:00:00Z', kind: 'search', cost: '15.75' });
    const found = await projectionOf('ann', '2026-03-06T09:00:00Z');
    expect(limitOf(found, 'cost_usd', 'period')).toMatchObject({
      ...{
        window_start: '2026-02-24T09:00:00.000Z',
        window_end: '2026-03-26T09:00:00.000Z',
        elapsed_percent: '33.33',
      },
      ...{ used: '15.75', percent: '10.5', projected: '47.25', projected_percent: '31.5', reason: null },
      ...{ limit_reached: false, limit_at: null, low: null, complete_windows: 1 },
    });
    expect(found.cost).toMatchObject({ used: '15.75', projected: '47.25', currency: 'USD' });
    expect(found.method).toContain('instants');
    expect(limitOf(found, 'calls', 'period')).toMatchObject({ percent: '0.02', projected: '3' });
  });

  it('says when a limit will be reached, when it is already, and what will be used of one that is sold', async () => {
    await customer(sql, 'bob', { at: '2026-01-01T00:00:00Z' });
    await subscribe(sql, 'bob', 'month', { at: '2026-01-01T00:00:00Z' });
    await record(sql, { customer: 'bob', as_of: '2026-01-04T00:00:00Z', quantity: 10 });
    await record(sql, { customer: 'bob', as_of: '2026-01-10T00:00:00Z', quantity: 10 });
    await record(sql, { customer: 'bob', as_of: '2026-01-10T00:00:00Z', kind: 'file', quantity: 6 });
    await record(sql, { customer: 'bob', as_of: '2026-01-10T18:00:00Z', quantity: 10 - 10 + 0.5 });
    const found = await projectionOf('bob', '2026-01-11T00:00:00Z');
    expect(limitOf(found, 'messages', 'month')).toMatchObject({
      used: '20',
      projected: '62',
      limit_at: null,
    });
    expect(limitOf(found, 'files', 'month')).toMatchObject({
      ...{ used: '6', projected: '18.6', projected_percent: '186', limit_at: '2026-01-17T16:00:00.000Z' },
      ...{ over: '8.6', over_price: '0.086' },
    });
    expect(limitOf(await projectionOf('bob', '2026-01-10T20:00:00Z'), 'messages', 'day')).toMatchObject({
      limit_reached: true,
      limit_at: null,
    });
    // without an end, and sliding: no projection
    expect(
      found.limits.map(({ window }) => window).filter((window) => /lifetime|rolling/.test(window)),
    ).toEqual([]);
  });

  it.each([
    ['2026-01-01T23:59:59Z', null, 'before a day is over there is none'],
    ['2026-01-02T00:00:00Z', '31', 'from then on there is'],
  ])('at %s a month of one message is projected as %s: %s', async (at, projected, _why) => {
    const who = `early-${at.slice(8, 10)}`;
    await customer(sql, who);
    await subscribe(sql, who, 'month', { at: '2026-01-01T00:00:00Z' });
    await record(sql, { customer: who, as_of: '2026-01-01T00:00:00Z' });
    const found = await projectionOf(who, at);
    const reason = projected === null ? 'not_enough_history' : null;
    expect(limitOf(found, 'messages', 'month')).toMatchObject({ projected, reason });
    expect(found.cost?.reason).toBe(reason);
    const { stdout } = await say(`usage project ${who} --as-of ${at}`);
    if (reason) expect(stdout).toMatch(/messages +month +1 +100 +not enough history/);
  });

  it('a band is the slowest and the fastest pace of three complete windows or more; a window without use is the slowest', async () => {
    await customer(sql, 'eve');
    await subscribe(sql, 'eve', 'month', { at: '2025-09-01T00:00:00Z' });
    for (const [at, quantity] of [
      ['2025-09-10', 30],
      ['2025-10-10', 31],
      ['2025-11-10', 60],
    ] as const)
      for (let n = 0; n < quantity; n += 10)
        await record(sql, {
          customer: 'eve',
          as_of: `${at.slice(0, 8)}${10 + n / 10}T00:00:00Z`,
          quantity: Math.min(10, quantity - n),
        });
    await record(sql, { customer: 'eve', as_of: '2025-12-05T00:00:00Z', quantity: 10 });
    // ten days of thirty-one at 1 a day; it was 1, 1 and 2 a day
    expect(limitOf(await projectionOf('eve', '2025-12-11T00:00:00Z'), 'messages', 'month')).toMatchObject({
      ...{ projected: '31', low: '31', high: '52', complete_windows: 3 },
    });
    await record(sql, { customer: 'eve', as_of: '2026-02-05T00:00:00Z', quantity: 7 });
    // nothing in January: the rest of February at nothing a day, or at two
    expect(limitOf(await projectionOf('eve', '2026-02-08T00:00:00Z'), 'messages', 'month')).toMatchObject({
      ...{ projected: '28', low: '7', high: '49', complete_windows: 4 },
    });
  });

  it('credits: at the pace of the cycle they run out, or last until they renew', async () => {
    await customer(sql, 'cid');
    await subscribe(sql, 'cid', 'month', { at: '2026-01-01T00:00:00Z' });
    await record(sql, { customer: 'cid', kind: 'image', as_of: '2026-01-03T00:00:00Z', quantity: 50 });
    expect((await projectionOf('cid', '2026-01-11T00:00:00Z')).credits).toMatchObject({
      ...{ balance: '50', spent: '50', per_day: '5', run_out_at: '2026-01-21T00:00:00.000Z', reason: null },
    });
    expect((await projectionOf('cid', '2026-01-30T00:00:00Z')).credits).toMatchObject({
      run_out_at: null,
      renews_at: '2026-02-01T00:00:00.000Z',
    });
    expect((await say('usage project cid --as-of 2026-01-30T00:00:00Z')).stdout).toContain(
      'last until they renew',
    );
  });

  it('a customer that there is not ends with 3', async () => {
    expect(await say('usage project nobody')).toMatchObject({ code: 3, stdout: '' });
  });
});

it('a constant pace is projected exactly, whenever it is asked', async () => {
  await customer(sql, 'even', { zone: 'Europe/Berlin', at: '2026-03-01T00:00:00Z' });
  await plan(sql, 'free', { limits: { messages: { month: null } } });
  await subscribe(sql, 'even', 'free', { at: '2026-02-28T23:00:00Z' });
  const start = Date.parse('2026-02-28T23:00:00Z'); // March has 743 hours there
  for (let hour = 0; hour < 743; hour += 1)
    await record(sql, {
      customer: 'even',
      as_of: new Date(start + (hour + 1) * 3_600_000 - 1),
      quantity: '0.25',
    });
  for (const hours of fc.sample(fc.integer({ min: 24, max: 742 }), { numRuns: 12, seed: 3 })) {
    const { limits } = await projectUsage(sql, 'even', {
      now: new Date(start + hours * 3_600_000),
      past: true,
    });
    const month = limits.find(({ meter, window }) => meter === 'messages' && window === 'month')!;
    expect([month.used, month.projected]).toEqual([new Big(hours).times('0.25').toFixed(), '185.75']);
  }
});

it('the projection lies in its band, and the band within the paces that there were', async () => {
  await plan(sql, 'wide', { limits: { messages: { month: null } } });
  const months = fc.sample(fc.array(fc.integer({ min: 0, max: 90 }), { minLength: 4, maxLength: 8 }), {
    numRuns: 6,
    seed: 17,
  });
  for (const [n, amounts] of months.entries()) {
    const who = `band-${n}`;
    await customer(sql, who, { at: '2025-01-01T00:00:00Z' });
    await subscribe(sql, who, 'wide', { at: '2025-01-01T00:00:00Z' });
    for (const [month, quantity] of amounts.entries())
      if (quantity > 0)
        await record(sql, { customer: who, as_of: new Date(Date.UTC(2025, month, 3)), quantity });
    const now = new Date(Date.UTC(2025, amounts.length - 1, 15));
    const { limits } = await projectUsage(sql, who, { now, past: false });
    const found = limits.find(({ meter, window }) => meter === 'messages' && window === 'month');
    if (!found?.projected || found.low === null || found.high === null) continue;
    const [low, projected, high] = [found.low, found.projected, found.high].map((each) => new Big(each));
    expect(
      low!.lte(projected!) && projected!.lte(high!),
      `${who}: ${low!.toFixed()} ${projected!.toFixed()} ${high!.toFixed()}`,
    ).toBe(true);
    expect(low!.gte(found.used)).toBe(true);
    const most = Math.max(...amounts.map((amount) => amount / 28), amounts.at(-1)! / 14);
    expect(high!.lte(new Big(found.used).plus(new Big(31).times(most)))).toBe(true);
  }
});

it('R20: the limit of each member is projected for each', async () => {
  await plan(sql, 'team', { memberLimits: { messages: { month: 50 } }, seats: 5 });
  await customer(sql, 'crew', { kind: 'group', at: '2025-12-01T00:00:00Z' });
  await subscribe(sql, 'crew', 'team', { at: '2026-01-01T00:00:00Z' });
  for (const member of ['mia', 'moe'])
    await sql`insert into subctl.members (customer_id, member_id, joined_at) values ('crew', ${member}, '2025-12-01')`;
  await record(sql, { customer: 'crew', member: 'mia', as_of: '2026-01-05T00:00:00Z', quantity: 20 });
  await record(sql, { customer: 'crew', member: 'moe', as_of: '2026-01-20T00:00:00Z', quantity: 5 });
  const { limits } = await projectionOf('crew', '2026-01-11T00:00:00Z');
  const of = (member: string) => limits.find((limit) => limit.member === member && limit.window === 'month');
  expect(of('mia')).toMatchObject({ used: '20', projected: '62', limit_at: '2026-01-26T00:00:00.000Z' });
  expect(of('moe')?.used ?? '0').toBe('0'); // nothing until then
});

describe('when credits run out', () => {
  const now = new Date('2026-01-01T00:00:00Z');
  const day = { spent: '1', seconds: '86400' };
  const until = (iso: string | null): Date | null => (iso === null ? null : new Date(iso));
  it.each<[string, Burning[], string | null]>([
    ['all of it at the pace', [{ remaining: '3', expires_at: null }], '2026-01-04T00:00:00Z'],
    [
      'what expires first is lost',
      [
        { remaining: '9', expires_at: until('2026-01-03T00:00:00Z') },
        { remaining: '2', expires_at: null },
      ],
      '2026-01-05T00:00:00Z',
    ],
    [
      'the order is the given one, whatever expires first',
      [
        { remaining: '2', expires_at: null },
        { remaining: '9', expires_at: until('2026-01-03T00:00:00Z') },
      ],
      '2026-01-03T00:00:00Z',
    ],
    ['up to the next second', [{ remaining: '0.00001', expires_at: null }], '2026-01-01T00:00:01Z'],
    ['beyond a hundred years: never', [{ remaining: '40000', expires_at: null }], null],
    ['none: now', [], '2026-01-01T00:00:00Z'],
  ])('%s', (_why, grants, at) => expect(runOut(grants, day, now)).toEqual(until(at)));
});
