import { beforeAll, describe, expect, test } from 'vitest';
import { subctl } from '../../support/cli.ts';
import { testDatabase } from '../../support/database.ts';
import { customer, lay, plan, subscribe } from '../../usage/world.ts';

const { sql, env } = await testDatabase();
const run = (...args: string[]) => subctl([...args.slice(0, 2), ...args.slice(2), '--actor', 'op'], { env });
const show = async (who: string, at = '2025-01-20T08:00:00Z') =>
  JSON.parse((await subctl(['credits', 'show', who, '--as-of', at, '--json'], { env })).stdout);
const at = ['--as-of', '2025-01-20T08:00:00Z', '--json'];
let made = 0;

beforeAll(async () => {
  await lay(sql, undefined, { image: '1', banner: '0.5' });
  await plan(sql, 'hundred', { credits: '100' });
  await plan(sql, 'none');
});

async function someone(on = 'hundred', zone = 'UTC'): Promise<string> {
  const who = await customer(sql, `c${++made}`, { zone });
  await subscribe(sql, who, on, { at: '2025-01-15T00:00:00Z' });
  return who;
}

describe('credits show', () => {
  test('shows a grant that is due although nobody has written it, and what it pays for', async () => {
    const shown = await show(await someone());
    expect(shown).toMatchObject({
      balance: '100',
      grants: [
        { source: 'plan', priority: 20, remaining: '100', expires_at: '2025-02-15T00:00:00.000Z', due: true },
      ],
      allotted: '100',
      used: '0',
      percent: '0',
      next_reset: '2025-02-15T00:00:00.000Z',
      uses_left: [
        { kind: 'banner', cost: '0.5', uses: '200' },
        { kind: 'image', cost: '1', uses: '100' },
      ],
    });
    expect(Object.keys(shown.grants[0]).slice(0, 5)).toEqual([
      'id',
      'source',
      'priority',
      'remaining',
      'expires_at',
    ]);
    expect(
      await sql`select count(*)::int as n from subctl.credit_grants where customer_id = ${`c${made}`}`,
    ).toEqual([{ n: 0 }]);
  });
  test('G18: 25 of 100 used is 25 %, and there are 12 days until the reset', async () => {
    const who = await someone();
    await run('credits', 'deduct', who, '25', '--reason', 'r', ...at);
    expect(await show(who, '2025-02-03T00:00:00Z')).toMatchObject({
      balance: '75',
      used: '25',
      percent: '25',
      days_until_reset: 12,
    });
  });
  test('people see the bar', async () => {
    const who = await someone();
    await run('credits', 'deduct', who, '25', '--reason', 'r', ...at);
    expect((await subctl(['credits', 'show', who, '--as-of', '2025-01-21'], { env })).stdout).toContain(
      '25 of 100 ██░░░░░░░░ 25 %',
    );
  });
});

describe('credits add, set, deduct', () => {
  test('an adjustment has priority 30 and ends with the credit period, other sources have theirs', async () => {
    const who = await someone();
    await run('credits', 'add', who, '5', '--reason', 'r', ...at);
    await run(
      'credits',
      'add',
      who,
      '6',
      '--reason',
      'r',
      '--source',
      'promotional',
      '--expires',
      '2025-03-01',
      ...at,
    );
    await run(
      'credits',
      'add',
      who,
      '7',
      '--reason',
      'r',
      '--source',
      'purchased',
      '--expires',
      'never',
      ...at,
    );
    await run('credits', 'add', who, '8', '--reason', 'r', '--priority', '1', ...at);
    expect(
      (await show(who)).grants.map((g: Record<string, unknown>) => [
        g['source'],
        g['priority'],
        g['remaining'],
        g['expires_at'],
      ]),
    ).toEqual([
      ['adjustment', 1, '8', '2025-02-15T00:00:00.000Z'],
      ['promotional', 10, '6', '2025-03-01T00:00:00.000Z'],
      ['plan', 20, '100', '2025-02-15T00:00:00.000Z'],
      ['adjustment', 30, '5', '2025-02-15T00:00:00.000Z'],
      ['purchased', 40, '7', null],
    ]);
  });
  test('G19: setting 5 when there are 75 takes 70', async () => {
    const who = await someone();
    await run('credits', 'set', who, '75', '--reason', 'r', ...at);
    const { code, stdout } = await run('credits', 'set', who, '5', '--reason', 'agreed', ...at);
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { delta: '-70', balance: '5' }]);
    expect(JSON.parse((await run('credits', 'set', who, '5', '--reason', 'r', ...at)).stdout)).toMatchObject({
      delta: '0',
      balance: '5',
    });
    expect(
      JSON.parse((await run('credits', 'set', who, '6.25', '--reason', 'r', ...at)).stdout),
    ).toMatchObject({ delta: '1.25', balance: '6.25' });
  });
  test('R23: a deduction that does not fit is exit code 4 and changes nothing', async () => {
    const who = await someone();
    const before = await show(who);
    const { code, stderr } = await run('credits', 'deduct', who, '100.01', '--reason', 'r', ...at);
    expect([code, JSON.parse(stderr).error.message]).toEqual([
      4,
      `Customer ${who} has 100 credits, 100.01 cannot be deducted`,
    ]);
    expect(await show(who)).toMatchObject({ balance: before.balance });
    expect(await sql`select 1 from subctl.credit_entries where customer_id = ${who}`).toHaveLength(0);
  });
  test('negative and zero amounts, a missing reason and an unknown customer are refused', async () => {
    const who = await someone();
    expect((await run('credits', 'add', who, '0', '--reason', 'r', ...at)).code).toBe(2);
    expect((await run('credits', 'add', who, '--reason', 'r', ...at, '--', '-10')).code).toBe(2);
    expect((await run('credits', 'add', who, '5', ...at)).code).toBe(2);
    expect(
      (await run('credits', 'add', who, '5', '--reason', 'r', '--expires', '2025-01-20T08:00:00Z', ...at))
        .code,
    ).toBe(2);
    expect((await run('credits', 'add', 'nobody', '5', '--reason', 'r', ...at)).code).toBe(3);
    expect((await run('credits', 'deduct', 'nobody', '5', '--reason', 'r', ...at)).code).toBe(3);
  });
  test('--dry-run shows what would be and changes nothing', async () => {
    const who = await someone();
    expect(
      JSON.parse((await run('credits', 'add', who, '5', '--reason', 'r', '--dry-run', ...at)).stdout),
    ).toMatchObject({ delta: '5', balance: '105' });
    expect((await show(who)).balance).toBe('100');
  });
});

describe('credits reset', () => {
  test('C12: begins the plan’s grant anew until the end of the period; others stay; the anchor does not move', async () => {
    const who = await someone();
    await run('credits', 'add', who, '5', '--reason', 'r', '--expires', 'never', ...at);
    await run('credits', 'deduct', who, '60', '--reason', 'r', ...at);
    const { stdout } = await run('credits', 'reset', who, '--reason', 'lost', ...at);
    expect(JSON.parse(stdout)).toMatchObject({
      delta: '60',
      balance: '105',
      expires_at: '2025-02-15T00:00:00.000Z',
    });
    expect(
      (await show(who)).grants.map((g: Record<string, unknown>) => [g['source'], g['remaining']]),
    ).toEqual([
      ['reset', '100'],
      ['adjustment', '5'],
    ]);
    expect((await show(who, '2025-02-15T00:00:00Z')).balance).toBe('105');
    await run('credits', 'reset', who, '--reason', 'again', ...at);
    expect((await show(who)).balance).toBe('105');
    const sums =
      await sql`select (select sum(amount) from subctl.credit_entries where customer_id = ${who})::int as a, (select sum(remaining) from subctl.credit_grants where customer_id = ${who})::int as b`;
    expect(sums).toEqual([{ a: 105, b: 105 }]);
  });
  test('a plan without credits is refused', async () => {
    expect((await run('credits', 'reset', await someone('none'), '--reason', 'r', ...at)).code).toBe(4);
  });
});

test('credits history has every row with its balance, actor and reason', async () => {
  const who = await someone();
  await run('credits', 'deduct', who, '25', '--reason', 'broken image', ...at);
  const rows = JSON.parse((await subctl(['credits', 'history', who, '--json'], { env })).stdout);
  expect(rows).toMatchObject([
    { kind: 'grant', amount: '100', balance_after: '100', source: 'plan' },
    {
      kind: 'deduct',
      amount: '-25',
      balance_after: '75',
      actor: 'op',
      reason: 'broken image',
      action: 'credits deduct',
    },
  ]);
});
