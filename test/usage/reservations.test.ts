import { expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { hundredths, release, reserve, settle } from './holds.ts';
import { check, customer, plan, record, subscribe, used } from './world.ts';

const { sql } = await testDatabase();
const noon = '2026-03-10T12:00:00Z';
const minutes = (n: number) => new Date(Date.parse(noon) + n * 60_000).toISOString();
const someone = hundredths(sql);

const balance = async (who: string, at: string) =>
  (
    await sql`select trim_scale(subctl_internal.credit_balance(${who}, ${at}))::text as b, trim_scale(subctl_internal.reserved_credits(${who}, ${at}))::text as h`
  )[0];

test('C8 G16: 40 reserved of 100 leave 60; released they are 100 again, settled they are used', async () => {
  const who = await someone();
  const held = await reserve(sql, { customer: who, kind: 'llm', quantity: 40, as_of: noon });
  expect(held).toMatchObject({ allowed: true, event_id: null, expires_at: minutes(15), replayed: false });
  expect(held.limits.find(({ window }) => window === 'day')).toMatchObject({
    used: '0',
    held: '40',
    available: '60',
  });
  expect(await check(sql, { customer: who, quantity: 60, as_of: noon })).toMatchObject({ allowed: true });
  expect(await check(sql, { customer: who, quantity: 61, as_of: noon })).toMatchObject({
    allowed: false,
    held: '40',
    used: '0',
    message: 'messages per day: 0 used of 100, 40 held, 61 asked',
    resets_at: minutes(15),
  });
  await release(sql, { customer: who, reservation: held.reservation, as_of: minutes(1) });
  expect(await check(sql, { customer: who, quantity: 100, as_of: minutes(1) })).toMatchObject({
    allowed: true,
  });

  const again = await reserve(sql, { customer: who, kind: 'llm', quantity: 40, as_of: minutes(2) });
  const settled = await settle(sql, { customer: who, reservation: again.reservation, as_of: minutes(3) });
  expect(settled).toMatchObject({ allowed: true, at: minutes(2), reservation: again.reservation });
  expect([used(settled, 'messages', 'day'), settled.overage]).toEqual(['40', undefined]);
  expect(await check(sql, { customer: who, quantity: 61, as_of: minutes(3) })).toMatchObject({
    allowed: false,
    used: '40',
  });
});

test('G16: of two reserves of 60 on 100 at once exactly one succeeds, and of 32 of 10 exactly ten', async () => {
  const two = await someone();
  const both = await Promise.all(
    [1, 2].map(() => reserve(sql, { customer: two, kind: 'llm', quantity: 60, as_of: noon })),
  );
  expect(both.map(({ allowed }) => allowed).sort()).toEqual([false, true]);

  const many = await someone();
  const all = await Promise.all(
    Array.from({ length: 32 }, () =>
      reserve(sql, { customer: many, kind: 'llm', quantity: 10, as_of: noon }),
    ),
  );
  expect(all.filter(({ allowed }) => allowed)).toHaveLength(10);
});

test('C8: credits that are held are in the balance and nobody else can spend them', async () => {
  const who = await someone();
  const held = await reserve(sql, { customer: who, kind: 'image', quantity: 40, as_of: noon });
  expect(held.credits).toEqual({ held: '40', balance: '100', available: '60' });
  expect(await record(sql, { customer: who, kind: 'image', quantity: 61, as_of: noon })).toMatchObject({
    allowed: false,
    reason: 'no_credits',
    credits: { needed: '61', balance: '100', held: '40' },
  });
  await expect(sql`select subctl_internal.deduct_credits(${who}, 61, ${noon}, 'x', null)`).rejects.toThrow(
    `Customer ${who} has 100 credits, 40 of them held by reservations, 61 cannot be deducted`,
  );
  expect(await record(sql, { customer: who, kind: 'image', quantity: 60, as_of: noon })).toMatchObject({
    credits: { used: '60', balance: '40', held: '40', available: '0' },
  });
  await settle(sql, { customer: who, reservation: held.reservation, as_of: minutes(1) });
  expect(await balance(who, minutes(1))).toEqual({ b: '0', h: '0' });
});

test('G17: a release after the reset tops nothing up: 100, not 140', async () => {
  const who = await someone();
  const before = '2026-03-14T23:55:00Z';
  const after = '2026-03-15T00:01:00Z';
  const held = await reserve(sql, { customer: who, kind: 'image', quantity: 40, as_of: before });
  await sql`select subctl_internal.reset_credits(${after}, array[${who}], null)`;
  await release(sql, { customer: who, reservation: held.reservation, as_of: after });
  expect(await balance(who, after)).toEqual({ b: '100', h: '0' });

  const calls = await reserve(sql, {
    customer: who,
    kind: 'llm',
    quantity: 100,
    as_of: '2026-03-15T23:55:00Z',
  });
  expect(await check(sql, { customer: who, quantity: 100, as_of: '2026-03-16T00:01:00Z' })).toMatchObject({
    allowed: true,
  });
  await release(sql, { customer: who, reservation: calls.reservation, as_of: '2026-03-16T00:01:00Z' });
  expect(await check(sql, { customer: who, quantity: 101, as_of: '2026-03-16T00:01:00Z' })).toMatchObject({
    allowed: false,
  });
});

test('R16: a hold ends by its date, though nobody has swept it, and may still be settled', async () => {
  const who = await someone();
  const held = await reserve(sql, {
    customer: who,
    kind: 'llm',
    quantity: 100,
    as_of: noon,
    hold: '5 minutes',
  });
  expect((await record(sql, { customer: who, as_of: minutes(4.9) })).allowed).toBe(false);
  expect((await record(sql, { customer: who, as_of: minutes(5) })).allowed).toBe(true);
  const late = await settle(sql, { customer: who, reservation: held.reservation, as_of: minutes(60) });
  expect(late).toMatchObject({ allowed: true, overage: true, at: noon.replace('Z', '.000Z') });
  expect(used(late, 'messages', 'day')).toBe('101');
});

test('R18 R12: settles at the true amount, beyond the limit as overage; what is not said is what was reserved', async () => {
  const who = await someone();
  const held = await reserve(sql, {
    customer: who,
    kind: 'llm',
    input_tokens: 500,
    output_tokens: 1000,
    cost: 1,
    session: 's',
    as_of: noon,
  });
  const settled = await settle(sql, {
    customer: who,
    reservation: held.reservation,
    input_tokens: 480,
    output_tokens: 20_000,
    as_of: minutes(1),
  });
  expect(settled).toMatchObject({ overage: true, cost: null });
  expect([used(settled, 'messages', 'day'), used(settled, 'tokens', 'month')]).toEqual(['1', '20480']);
  const [event] =
    await sql`select input_tokens, output_tokens, session_id, already_spent from subctl.usage_events where customer_id = ${who}`;
  expect(event).toEqual({
    input_tokens: '480',
    output_tokens: '20000',
    session_id: 's',
    already_spent: true,
  });

  const spoken = await reserve(sql, { customer: who, kind: 'tts', units: { characters: 100 }, as_of: noon });
  expect(spoken).toMatchObject({ estimated: true });
});

test('a hold counts for its member and its session alone where a limit is theirs; partial holds what fits', async () => {
  const who = await customer(sql, 'group', { kind: 'group' });
  await subscribe(sql, who, 'hundred', { at: '2026-02-15T00:00:00Z' });
  await sql`insert into subctl.members (customer_id, member_id, joined_at) values (${who}, 'a', '2026-01-01'), (${who}, 'b', '2026-01-01')`;
  await reserve(sql, { customer: who, kind: 'llm', member: 'a', quantity: 50, as_of: noon });
  expect(await check(sql, { customer: who, member: 'a', quantity: 11, as_of: noon })).toMatchObject({
    allowed: false,
    limit: '60',
    held: '50',
  });
  expect((await check(sql, { customer: who, member: 'b', quantity: 50, as_of: noon })).allowed).toBe(true);
  const rest = await reserve(sql, {
    customer: who,
    kind: 'llm',
    member: 'b',
    quantity: 80,
    partial: true,
    as_of: noon,
  });
  expect(rest).toMatchObject({ partial: true, asked: '80', quantity: '50' });
  const settled = await settle(sql, { customer: who, reservation: rest.reservation, as_of: minutes(1) });
  expect(used(settled, 'messages', 'day')).toBe('50');

  await reserve(sql, { customer: who, kind: 'file', session: 's1', quantity: 3, as_of: noon });
  expect((await check(sql, { customer: who, kind: 'file', session: 's1', as_of: noon })).allowed).toBe(false);
  expect((await check(sql, { customer: who, kind: 'file', session: 's2', as_of: noon })).allowed).toBe(true);
});

test('R7 W20: a rolling window full of uses and holds has room when enough of both is gone', async () => {
  const who = await customer(sql, 'roller');
  await plan(sql, 'rolling', { limits: { messages: { rolling_1h: 10 } } });
  await subscribe(sql, who, 'rolling', { at: '2026-02-15T00:00:00Z' });
  await record(sql, { customer: who, quantity: 4, as_of: minutes(-50) });
  await reserve(sql, { customer: who, kind: 'llm', quantity: 2, as_of: minutes(-2) });
  await reserve(sql, { customer: who, kind: 'llm', quantity: 4, as_of: noon });
  const frees = async (quantity: number) =>
    (await check(sql, { customer: who, quantity, as_of: minutes(1) })).resets_at;
  expect(await frees(2)).toBe(minutes(13));
  expect(await frees(6)).toBe(minutes(15));
  expect(await frees(7)).toBe(minutes(15));
  expect((await check(sql, { customer: who, quantity: 6, as_of: minutes(15) })).allowed).toBe(true);
});

test('usage_limits and a customer’s row say what is held, until it is not', async () => {
  const who = await someone();
  const state = async () =>
    (await sql`select held_until from subctl.usage_totals where customer_id = ${who}`)[0]!['held_until'];
  const { reservation } = await reserve(sql, { customer: who, kind: 'llm', quantity: 40, as_of: noon });
  expect(await state()).toEqual(new Date(minutes(15)));
  const held = async (at: string) =>
    (
      await sql`select held::text from subctl.usage_limits(${who}, ${at}) where meter_id = 'messages' and win = 'day' and scope = 'customer'`
    )[0]!['held'];
  expect([await held(minutes(14)), await held(minutes(15))]).toEqual(['40', '0']);
  await release(sql, { customer: who, reservation, as_of: minutes(1) });
  expect([await held(minutes(1)), await state()]).toEqual(['0', null]);
});
