import { beforeAll, describe, expect, it } from 'vitest';
import { startApi } from '../http/api/world.ts';
import { subctl as connect } from '../../src/library/subctl.ts';
import { testDatabase } from '../support/database.ts';
import { afterAll } from 'vitest';
import { check, customer, lay, plan, record, subscribe } from './world.ts';

const { sql, url } = await testDatabase();
const now = '2026-03-10T12:00:00Z';
const client = connect({ url });
afterAll(() => client.close());
let count = 0;

beforeAll(async () => {
  await lay(sql, undefined, { image: '1', search: '2' });
  const windows = { day: 5, week: 5, month: 5, period: 5, lifetime: 5, each: 5, rolling_24h: 5 };
  for (const [window, limit] of Object.entries(windows))
    await plan(sql, `by_${window}`, { limits: { messages: { [window]: limit } } });
  await plan(sql, 'two', { limits: { messages: { day: 5, month: 8 } } });
  await plan(sql, 'members', { memberLimits: { messages: { day: 5 } }, seats: 3 });
  await plan(sql, 'money', { limits: { cost_usd: { month: 25 } } });
  await plan(sql, 'none', { limits: { messages: { day: 0 } } });
  await plan(sql, 'credits', { credits: '100' });
  await plan(sql, 'rolling_over', { credits: '100', rollover: '30' });
});
const someone = async (to: string, kind: 'user' | 'group' = 'user') => {
  const who = await customer(sql, `w${count++}`, { kind });
  await subscribe(sql, who, to, { at: '2026-03-01T00:00:00Z' });
  return who;
};
const ask = (who: string, quantity: number, more: object = {}) =>
  check(sql, { customer: who, quantity, as_of: now, ...more });
const larger = (n: number) => `a use of ${n} is larger than the whole limit`;

describe('B22: asked more than a whole limit', () => {
  it.each(['day', 'week', 'month', 'period', 'rolling_24h'])(
    'a %s ends and helps not; asked one more than is left, its end helps',
    async (window) => {
      const who = await someone(`by_${window}`);
      await record(sql, { customer: who, quantity: 2, as_of: now });
      const never = await ask(who, 6);
      expect(never).toMatchObject({ reason: 'limit_reached', resets_at: null, requested: '6' });
      expect(never.message).toContain(larger(6));
      const later = await ask(who, 4);
      expect(later.resets_at).toBeTruthy();
      expect(later.message).not.toContain('larger');
      expect(await check(sql, { customer: who, quantity: 4, as_of: later.resets_at! })).toMatchObject({
        allowed: true,
      });
      expect((await ask(who, 5)).resets_at).toBe(later.resets_at);
    },
  );
  it.each(['lifetime', 'each'])('%s has no end to wait for', async (window) => {
    const who = await someone(`by_${window}`);
    expect(await ask(who, 6)).toMatchObject({ reason: 'limit_reached', resets_at: null });
  });
  it('any limit that is too small decides, also where another has less room', async () => {
    const who = await someone('two');
    await record(sql, { customer: who, quantity: 4, as_of: '2026-03-09T12:00:00Z' });
    expect((await ask(who, 5)).resets_at).toBe('2026-04-01T00:00:00.000Z');
    const never = await ask(who, 6);
    expect(never).toMatchObject({ window: 'month', resets_at: null });
    expect(never.message).toContain('6 messages per day are more than the whole limit of 5');
  });
  it('of a member, of cost, and of nothing', async () => {
    const group = await someone('members', 'group');
    await sql`insert into subctl.members (customer_id, member_id, joined_at) values (${group}, 'm', '2026-03-01')`;
    expect(await ask(group, 6, { member: 'm' })).toMatchObject({ scope: 'member', resets_at: null });
    expect((await ask(group, 5, { member: 'm' })).allowed).toBe(true);
    const payer = await someone('money');
    expect(await ask(payer, 1, { cost: '26' })).toMatchObject({ meter: 'cost_usd', resets_at: null });
    await record(sql, { customer: payer, cost: '20', as_of: now });
    expect(await ask(payer, 1, { cost: '6' })).toMatchObject({ resets_at: '2026-04-01T00:00:00.000Z' });
    expect(await ask(await someone('none'), 1)).toMatchObject({ reason: 'disabled', resets_at: null });
  });
  it('while others hold of it, and of what is to be held', async () => {
    const who = await someone('by_day');
    const reserve = async (quantity: number) =>
      (
        await sql`select subctl.reserve_usage(customer => ${who}, kind => 'llm', quantity => ${quantity}, as_of => ${now}) as told`
      )[0]!.told as Record<string, unknown>;
    expect(await reserve(4)).toMatchObject({ allowed: true });
    expect(await reserve(6)).toMatchObject({ reason: 'limit_reached', resets_at: null });
    expect(await reserve(2)).toMatchObject({ resets_at: '2026-03-10T12:15:00.000Z' });
  });
  it('a part of it may fit: with partial the end of the window helps', async () => {
    const who = await someone('by_day');
    await record(sql, { customer: who, quantity: 5, as_of: now });
    expect(await ask(who, 9, { partial: true })).toMatchObject({ resets_at: '2026-03-11T00:00:00.000Z' });
    expect(await ask(who, 9)).toMatchObject({ resets_at: null });
  });
});

describe('B22: credits', () => {
  it('more than a grant brings never comes; one more than is left comes with the next grant', async () => {
    const who = await someone('credits');
    const never = await ask(who, 101, { kind: 'image' });
    expect(never).toMatchObject({ reason: 'no_credits', credits: { needed: '101', resets_at: null } });
    expect(never.message).toContain('no future grant covers it');
    await record(sql, { customer: who, kind: 'image', quantity: 60, as_of: now });
    expect(await ask(who, 41, { kind: 'image' })).toMatchObject({
      credits: { resets_at: '2026-04-01T00:00:00.000Z' },
    });
  });
  it('what rolls over is reckoned with', async () => {
    const who = await someone('rolling_over');
    const at = async (quantity: number) =>
      ((await ask(who, quantity, { kind: 'image' })).credits as Record<string, unknown>)['resets_at'];
    expect(await at(130)).toBe('2026-04-01T00:00:00.000Z');
    expect(await at(131)).toBeNull();
    await record(sql, { customer: who, kind: 'image', quantity: 90, as_of: now });
    expect([await at(110), await at(111)]).toEqual(['2026-04-01T00:00:00.000Z', '2026-05-01T00:00:00.000Z']);
  });
  it('a grant that expires before the next one is no help', async () => {
    const who = await someone('credits');
    await sql`select subctl_internal.grant_credits(${who}, 20, 'promotional', 'p', 5, ${now}::timestamptz, '2026-03-15', null, null)`;
    await record(sql, { customer: who, kind: 'image', quantity: 50, as_of: now });
    expect(((await ask(who, 90, { kind: 'image' })).credits as Record<string, unknown>)['resets_at']).toBe(
      '2026-04-01T00:00:00.000Z',
    );
  });
});

describe('B22: lists and answers', () => {
  it('a list that asks more than a whole limit never fits; one that asks what a new window has fits then', async () => {
    const who = await someone('by_day');
    await record(sql, { customer: who, quantity: 2, as_of: now });
    const list = async (...quantities: number[]) =>
      (
        await sql`select subctl.preflight_usage(${who}, ${sql.json(quantities.map((quantity) => ({ kind: 'llm', quantity })))}, ${now}) as told`
      )[0]!.told as Record<string, unknown>;
    expect(await list(3, 3)).toMatchObject({
      refused_at: 2,
      resets_at: null,
      message: expect.stringContaining('the list requests 6, which is larger') as string,
    });
    expect(await list(3, 2)).toMatchObject({ refused_at: 2, resets_at: '2026-03-11T00:00:00.000Z' });
    expect(await list(6)).toMatchObject({ refused_at: 1, resets_at: null });
    const payer = await someone('credits');
    const images = async (...quantities: number[]) =>
      (
        await sql`select subctl.preflight_usage(${payer}, ${sql.json(quantities.map((quantity) => ({ kind: 'image', quantity })))}, ${now}) as told`
      )[0]!.told as Record<string, unknown>;
    expect(await images(60, 60)).toMatchObject({ reason: 'no_credits', resets_at: null });
    await record(sql, { customer: payer, kind: 'image', quantity: 50, as_of: now });
    expect(await images(30, 30)).toMatchObject({
      reason: 'no_credits',
      resets_at: '2026-04-01T00:00:00.000Z',
    });
  });
  it('HTTP has no Retry-After and no hint; the gate of the library neither', async () => {
    const who = await someone('by_month');
    const api = await startApi(sql, { asOf: new Date(now) });
    const token = await api.token();
    for (const [path, body] of [
      ['/v1/record', { customer: who, kind: 'llm', quantity: 6 }],
      ['/v1/reserve', { customer: who, kind: 'llm', quantity: 6 }],
    ] as const) {
      const { status, headers, body: told } = await api.ask(path, { token, body });
      expect([status, headers.get('retry-after'), told.resets_at, told.error.hint]).toEqual([
        429,
        null,
        null,
        null,
      ]);
      expect(told.error.message).toContain(larger(6));
    }
    const response = await client.fetch(who, {
      kind: 'llm',
      amounts: { quantity: 6 },
      fetch: () => Promise.reject(new Error('called')),
    })('https://example.org/x');
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, null]);
  });
});
