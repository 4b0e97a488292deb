import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { runChecks } from '../../src/integrity/run-checks.ts';
import { inTransaction } from '../../src/database/transaction.ts';
import { subctl as command } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { check, customer, lay, plan, record, subscribe } from '../usage/world.ts';

const { sql, env } = await testDatabase();

beforeAll(async () => {
  await lay(sql, undefined, { image: '1' });
  await plan(sql, 'bare', { isDefault: true });
  await plan(sql, 'ten', { credits: '10' });
  await plan(sql, 'rolls', { credits: '10', rollover: '4' });
});

let count = 0;
const someone = async () => customer(sql, `c${++count}`);
const grant = (who: string, amount: number, at: string, expires: string | null = null, priority = 10) =>
  sql`select subctl_internal.grant_credits(${who}, ${amount}, 'promotional', ${`k${++count}`}, ${priority}, ${at}, ${expires}, 'x', null)`;
const deduct = (who: string, amount: number, at: string) =>
  sql`select subctl_internal.deduct_credits(${who}, ${amount}, ${at}, 'x', null)`;
const balance = async (who: string, at: string) =>
  (await sql`select subctl_internal.credit_balance(${who}, ${at}::timestamptz)::float8 as b`)[0]![
    'b'
  ] as number;
const day = (n: number) => `2026-12-${String(n).padStart(2, '0')}T00:00:00Z`;

describe('B19: no balance is below zero at any instant', () => {
  it('B19: a deduction as of a time before the grant is refused, exit 4, and nothing is changed', async () => {
    const who = await someone();
    await subscribe(sql, who, 'ten', { at: '2026-12-01T00:00:00Z' });
    await grant(who, 100, day(10));
    const { code, stderr } = await command(
      ['credits', 'deduct', who, '30', '--reason', 'b', '--as-of', day(5)],
      { env },
    );
    expect([code, stderr]).toEqual([4, expect.stringContaining('has 10 credits')]);
    expect([await balance(who, day(7)), await balance(who, day(11))]).toEqual([10, 110]);
    await deduct(who, 4, day(5));
    expect([await balance(who, day(7)), await balance(who, day(11))]).toEqual([6, 106]);
  });

  it('B36: the uses that are left are never below zero, not even in damaged books', async () => {
    const who = await someone();
    await grant(who, 5, day(10));
    await deduct(who, 3, day(11));
    await sql`update subctl.credit_entries set at = ${day(5)} where customer_id = ${who} and amount < 0`;
    const { stdout } = await command(['credits', 'show', who, '--as-of', day(7), '--json'], { env });
    expect(JSON.parse(stdout)).toMatchObject({ balance: '-3', uses_left: [{ kind: 'image', uses: '0' }] });
    // the checks of the other tests are about all books
    await sql`update subctl.credit_entries set at = ${day(11)} where customer_id = ${who} and amount < 0`;
  });

  it('B19: a use as of an earlier time does not burn a later grant of a better priority, and check says the same', async () => {
    const who = await someone();
    await grant(who, 5, day(1), null, 40);
    await grant(who, 5, day(10), null, 1);
    const use = { customer: who, kind: 'image', as_of: day(5) };
    expect(await check(sql, { ...use, quantity: 6 })).toMatchObject({
      allowed: false,
      reason: 'no_credits',
      credits: { balance: '5' },
    });
    expect(await record(sql, { ...use, quantity: 6 })).toMatchObject({
      allowed: false,
      reason: 'no_credits',
    });
    expect(await record(sql, { ...use, quantity: 6, partial: true })).toMatchObject({
      allowed: true,
      quantity: '5',
    });
    expect(await balance(who, day(10))).toBe(5);
  });

  it('B19: what was given back later was not there before', async () => {
    const who = await someone();
    await grant(who, 5, day(1));
    const answer = await record(sql, { customer: who, kind: 'image', quantity: 5, as_of: day(3) });
    await sql`select subctl.reverse_usage(${who}, ${answer.event_id}::uuid, ${day(8)}, 'x', null)`;
    await expect(deduct(who, 1, day(5))).rejects.toMatchObject({ code: 'SB004' });
    await deduct(who, 5, day(8));
  });

  it('B35: a late use whose now is behind the ledger takes what had expired unused by that now, as check says', async () => {
    const who = await someone();
    await grant(who, 1, day(5), day(6));
    await grant(who, 1, day(1), day(2));
    await grant(who, 1, day(1), day(3));
    const late = { customer: who, kind: 'image', at: day(1), as_of: day(3) };
    expect(await check(sql, late)).toMatchObject({ allowed: true });
    expect(await record(sql, { ...late, quantity: 2 })).toMatchObject({ allowed: true });
    expect(await record(sql, late)).toMatchObject({ allowed: false, reason: 'no_credits' });
    expect(await check(sql, late)).toMatchObject({ allowed: false, reason: 'no_credits' });
  });

  it('B19: whatever is given, used, deducted and taken back as of whatever time, the ledger is never below zero', async () => {
    const moment = fc.integer({ min: 1, max: 28 });
    const deed = fc.record({
      what: fc.constantFrom('grant', 'deduct', 'use', 'late', 'reverse'),
      at: moment,
      amount: fc.integer({ min: 1, max: 9 }),
      length: fc.integer({ min: 1, max: 20 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 4, maxLength: 14 }), async (deeds) => {
        const who = await someone();
        const uses: string[] = [];
        for (const { what, at, amount, length } of deeds) {
          const ends = new Date(Date.parse(day(at)) + length * 86_400_000).toISOString();
          if (what === 'grant') await grant(who, amount, day(at), length > 10 ? null : ends, amount);
          else if (what === 'deduct') await deduct(who, amount, day(at)).catch(() => undefined);
          else if (what === 'reverse' && uses.length > 0)
            await sql`select subctl.reverse_usage(${who}, ${uses.pop()!}::uuid, ${day(Math.max(at, 20))}, 'x', null)`;
          else {
            const asked = {
              customer: who,
              kind: 'image',
              quantity: amount,
              as_of: day(at),
              at: day(what === 'late' ? Math.max(1, at - length) : at),
            };
            const said = await check(sql, asked);
            const done = await record(sql, asked);
            expect([done.allowed, done.reason]).toEqual([said.allowed, said.reason]);
            if (done.allowed && at <= 20) uses.push(done.event_id!);
          }
        }
        const rows = await sql`
          select min(b)::float8 as lowest from (
            select sum(sum(amount)) over (order by at) as b from subctl.credit_entries where customer_id = ${who} group by at) x`;
        expect(rows[0]!['lowest'] ?? 0).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 25 },
    );
    const found = await inTransaction(sql, (tx) => runChecks(tx, { now: new Date('2027-01-01T00:00:00Z') }));
    expect(found.filter((each) => each.check === 'balances' && each.count > 0)).toEqual([]);
  });
});

describe('B35: a late use takes credits of its own time', () => {
  it('B35: it leaves a grant that is younger, and takes an older one that lives', async () => {
    const who = await someone();
    await grant(who, 100, '2026-12-20T10:00:00Z', '2027-01-31T00:00:00Z');
    const late = {
      customer: who,
      kind: 'image',
      quantity: 30,
      at: '2026-11-25T10:00:00Z',
      as_of: '2026-12-20T11:00:00Z',
    };
    expect(await record(sql, { ...late, key: 'k1' })).toMatchObject({
      allowed: false,
      reason: 'no_credits',
      message: expect.stringContaining('has 0 on plan bare for a use of 2026-11-25') as string,
    });
    expect(await record(sql, { ...late, key: 'k2', already_spent: true })).toMatchObject({
      allowed: true,
      overage: true,
    });
    expect(await balance(who, '2026-12-20T12:00:00Z')).toBe(100);
    const other = await someone();
    await grant(other, 40, '2026-11-20T00:00:00Z');
    await grant(other, 100, '2026-12-20T10:00:00Z', null, 1);
    expect(await record(sql, { ...late, customer: other })).toMatchObject({
      allowed: true,
      credits: { used: '30', balance: '110' },
    });
    expect(
      await sql`select trim_scale(remaining)::int as n from subctl.credit_grants where customer_id = ${other} order by granted_at`,
    ).toEqual([{ n: 10 }, { n: 100 }]);
  });

  it('B35: it takes what its own period left unused, once, and nothing that rolled over', async () => {
    const who = await someone();
    await subscribe(sql, who, 'ten', { at: '2026-11-01T00:00:00Z' });
    const use = (quantity: number) =>
      record(sql, {
        customer: who,
        kind: 'image',
        quantity,
        at: '2026-11-25T10:00:00Z',
        as_of: '2026-12-03T00:00:00Z',
      });
    expect(
      await check(sql, {
        customer: who,
        kind: 'image',
        quantity: 7,
        at: '2026-11-25T10:00:00Z',
        as_of: '2026-12-03T00:00:00Z',
      }),
    ).toMatchObject({ allowed: true });
    expect(await use(7)).toMatchObject({ allowed: true, credits: { used: '7', balance: '10' } });
    expect(await use(4)).toMatchObject({ allowed: false, reason: 'no_credits', credits: { balance: '3' } });
    expect(await balance(who, '2026-12-03T00:00:00Z')).toBe(10);
    expect(
      await inTransaction(sql, (tx) => runChecks(tx, { now: new Date('2026-12-03T00:00:00Z') })).then((all) =>
        all.filter(({ count: n, check }) => n > 0 && /grants|ledger|balances|entries|credits/.test(check)),
      ),
    ).toEqual([]);
  });

  it('B35: check says of a late use what record does, where nobody has written that its period is over', async () => {
    for (const quantity of [7, 10, 11]) {
      const who = await someone();
      await subscribe(sql, who, 'ten', { at: '2026-11-01T00:00:00Z' });
      const late = {
        customer: who,
        kind: 'image',
        at: '2026-11-25T10:00:00Z',
        as_of: '2026-12-03T00:00:00Z',
      };
      const foretold = await check(sql, { ...late, quantity });
      const { allowed, credits } = await record(sql, { ...late, quantity });
      expect([foretold.allowed, foretold.credits]).toEqual([allowed, credits]);
      expect([allowed, credits!.balance]).toEqual(quantity > 10 ? [false, '10'] : [true, '10']);
    }
  });

  it('B35: what rolls over from the period of a late use is not for it, written or not', async () => {
    const who = await someone();
    await subscribe(sql, who, 'rolls', { at: '2026-11-01T00:00:00Z' });
    const late = { customer: who, kind: 'image', at: '2026-11-25T10:00:00Z', as_of: '2026-12-03T00:00:00Z' };
    expect(await check(sql, { ...late, quantity: 7 })).toMatchObject({
      allowed: false,
      credits: { balance: '6' },
    });
    expect(await check(sql, { ...late, quantity: 6 })).toMatchObject({
      allowed: true,
      credits: { balance: '14' },
    });
    expect(await record(sql, { ...late, quantity: 6 })).toMatchObject({
      allowed: true,
      credits: { balance: '14' },
    });
  });
});
