import { beforeAll, beforeEach, expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { customer, lay, plan, subscribe } from '../usage/world.ts';
import { call, measure, request, standing, tally, verdict } from './steps.ts';

const { sql } = await testDatabase();
const cost = { credit_cost: 2, credits_unlimited: false };
const none = { credits: null, balance: null, is_overage: false };

/** A use of so many at two credits each, of a customer with 10 credits. */
const take = (
  asked: { quantity: number; at?: string; already_spent?: boolean; mode?: string },
  holds = false,
) => {
  const { quantity, at = '2026-03-10T12:00:00Z', ...more } = asked;
  return call(
    sql,
    'take_credits',
    request({ quantity, ...more }),
    standing({ at }),
    measure({ quantity }),
    ['plan_rules', cost],
    tally({ has_holds: holds }),
    verdict(),
  );
};

beforeAll(async () => {
  await lay(sql);
  await plan(sql, 'basic', { fallback: 'none' });
  await plan(sql, 'rich', { credits: '25' });
  await customer(sql, 'ann', { zone: 'UTC' });
  await subscribe(sql, 'ann', 'basic', { at: '2026-03-01T00:00:00Z' });
});

beforeEach(async () => {
  await sql`delete from subctl.credit_entries`;
  await sql`delete from subctl.credit_grants`;
  await sql`delete from subctl.reservations`;
  await sql`select subctl_internal.grant_credits('ann', 10, 'bonus', 'ten', 1, '2026-03-05T00:00:00Z', null, 'test', 'test')`;
});

const ledger = () => sql`select kind, amount::text from subctl.credit_entries order by id`;
const hold = (credits: number, until = '2026-03-10T13:00:00Z') => sql`
  insert into subctl.reservations (customer_id, id, at, expires_at, asked, held)
  values ('ann', gen_random_uuid(), '2026-03-10T11:00:00Z', ${until}, '{}', ${sql.json({ credits })})`;

test.each([
  ['what there is pays for it', { quantity: 3 }, { credits: 6, balance: 4 }, ['-6']],
  ['all that there is may be taken', { quantity: 5 }, { credits: 10, balance: 0 }, ['-10']],
  ['a use of nothing takes nothing', { quantity: 0 }, { credits: 0, balance: 10 }, []],
  ['a check only says whether they suffice', { quantity: 3, mode: 'check' }, { credits: 6, balance: 4 }, []],
  ['so does a reservation', { quantity: 5, mode: 'reserve' }, { credits: 10, balance: 0 }, []],
  [
    'R12: what has happened takes what there is, and goes beyond',
    { quantity: 6, already_spent: true },
    { credits: 10, balance: 0, is_overage: true },
    ['-10'],
  ],
])('%s', async (_, asked, said, taken) => {
  expect(await take(asked)).toMatchObject({ ...said, refusal: null });
  const burnt = (await ledger()).filter(({ kind }) => kind !== 'grant').map((row) => row['amount'] as string);
  expect(burnt).toEqual(taken);
});

test.each(['record', 'check', 'reserve'])(
  'R12: too few refuse the whole of it, and nothing is taken (%s)',
  async (mode) => {
    expect(await take({ quantity: 6, mode })).toMatchObject({
      balance: null,
      refusal: {
        allowed: false,
        reason: 'no_credits',
        message: 'llm needs 12 credits and ann has 10 on plan basic: no future grant covers it',
        credits: { needed: '12', balance: '10', resets_at: null },
      },
    });
    expect(await ledger()).toEqual([{ kind: 'grant', amount: '10' }]);
  },
);

test.each([
  ['may not be spent', 6, '2026-03-10T13:00:00Z', false],
  ['leaves what is beside it', 4, '2026-03-10T13:00:00Z', true],
  ['is free again when its time is over', 6, '2026-03-10T12:00:00Z', true],
])('what others hold %s', async (_, credits, until, suffices) => {
  await hold(credits, until);
  for (const mode of ['check', 'record']) {
    const said = await take({ quantity: 3, mode }, true);
    expect(said['refusal'] === null, mode).toBe(suffices);
    if (!suffices)
      expect(said['refusal']).toMatchObject({
        message: 'llm needs 6 credits and ann has 10 on plan basic, 6 of them held',
        credits: { needed: '6', balance: '10', held: '6', resets_at: '2026-03-10T13:00:00.000Z' },
      });
  }
});

test('R13: a use of the past takes what a grant left that has ended since, and the balance stays', async () => {
  await sql`select subctl_internal.grant_credits('ann', 8, 'bonus', 'ended', 0, '2026-03-05T00:00:00Z', '2026-03-08T00:00:00Z', 'test', 'test')`;
  const late = { quantity: 7, at: '2026-03-07T00:00:00Z' };
  expect(await take({ ...late, mode: 'check' })).toMatchObject({ credits: 14, balance: 4, refusal: null });
  expect(await take({ quantity: 7, mode: 'check' })).toMatchObject({ balance: null });
  expect(await take(late)).toMatchObject({ credits: 14, balance: 4, refusal: null });
});

test('R22: the refusal says when the next grant covers it', async () => {
  await customer(sql, 'rita', { zone: 'UTC' });
  await subscribe(sql, 'rita', 'rich', { at: '2026-03-01T00:00:00Z' });
  await sql`select subctl_internal.post_due_credits(array['rita'], '2026-03-01T00:00:00Z', 'test')`;
  const refuse = (needed: number) =>
    call(
      sql,
      'refuse_credits',
      request({ customer: 'rita' }),
      standing({ plan_id: 'rich' }),
      measure({ cost: 0.5 }),
      ['plan_rules', cost],
      verdict({ ...none, credits: needed }),
    );
  await sql`update subctl.credit_grants set remaining = 1 where customer_id = 'rita'`;
  await sql`update subctl.credit_entries set balance_after = 1 where customer_id = 'rita'`;
  expect(await refuse(20)).toMatchObject({
    cost: '0.5',
    message: 'llm needs 20 credits and rita has 1 on plan rich',
    credits: { needed: '20', balance: '1', resets_at: '2026-04-01T00:00:00.000Z' },
  });
  expect(await refuse(26)).toMatchObject({ credits: { resets_at: null } });
});

test('a customer that the first use would make has the credits of its plan', async () => {
  const weigh = (credits: number) =>
    call(
      sql,
      'check_credits',
      request({ customer: 'new', mode: 'check' }),
      standing({ is_new: true, plan_id: 'rich' }),
      verdict({ credits }),
    );
  expect(await weigh(25)).toMatchObject({ balance: 0 });
  expect(await weigh(26)).toMatchObject({ balance: null });
});
