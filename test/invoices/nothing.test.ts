import { beforeAll, describe, expect, it } from 'vitest';
import { runTasks } from '../integrity/town.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, assign } from '../support/plans.ts';
import { programOn } from '../support/program.ts';

const { sql, env } = await testDatabase();
const { say } = programOn(env);
const plans = [
  ['zero', 0.004, 'USD'],
  ['yen', 0.4, 'JPY'],
  ['dinar', 0.0004, 'KWD'],
  ['seat', 0.001, 'USD'],
  ['cent', 0.01, 'USD'],
] as const;

beforeAll(async () => {
  await sql`
    insert into subctl.plans (id, name, active, is_default, fallback, current_version, created_at) values ('free', 'Free', true, true, 'default', 1, '2025-01-01')`;
  await sql`insert into subctl.plan_versions (plan_id, version, created_at) values ('free', 1, '2025-01-01')`;
  await sql`insert into subctl.plan_prices (plan_id, version, "interval", currency, amount) values ('free', 1, '1mo', 'USD', 0)`;
  for (const [id, amount, currency] of plans) {
    await sql`
      insert into subctl.plans (id, name, rank, active, is_default, fallback, current_version, created_at) values (${id}, ${id}, 1, true, false, 'default', 1, '2025-01-01')`;
    await sql`insert into subctl.plan_versions (plan_id, version, created_at, per_seat) values (${id}, 1, '2025-01-01', ${id === 'seat'})`;
    await sql`insert into subctl.plan_prices (plan_id, version, "interval", currency, amount) values (${id}, 1, '1mo', ${currency}, ${amount})`;
  }
  await sql`
    insert into subctl.discounts (code, kind, amount, periods, active, created_at) values ('MOST', 'percent', 60, null, true, '2025-01-01')`;
  await sql`select subctl_internal.compile_all()`;
});

const invoicesOf = async (customer: string) =>
  (
    await sql<{ status: string; total: string; collect_at: Date | null }[]>`
      select status, round(total, 3)::text as total, collect_at from subctl.invoices where customer_id = ${customer} order by period_start`
  ).map(({ status, total, collect_at }) => `${status} ${Number(total)}${collect_at ? ' to be charged' : ''}`);
const statusAt = async (customer: string, at: string) => {
  const [row] =
    await sql`select plan_id as plan, status from subctl_internal.effective_subscription(${customer}, ${at}::timestamptz)`;
  return row;
};

describe('R35: an amount that rounds to 0 is paid when it is issued', () => {
  it.each([
    ['zero', {}],
    ['zero', { collection: 'charge' as const }],
    ['yen', { currency: 'JPY' }],
    ['dinar', { currency: 'KWD' }],
    ['seat', { seats: 4 }],
    ['cent', { discount: 'MOST' }],
  ])(
    'B14: %s %j: the first invoice and each renewal are paid, and it is active three months later',
    async (plan, about) => {
      const id = `${plan}-${Object.keys(about).join()}`;
      await addOne(sql, { id, kind: plan === 'seat' ? 'group' : 'user' });
      await assign(sql, '2026-12-01T00:00:00Z', { customer: id, plan, ...about });
      expect(await invoicesOf(id)).toEqual(['paid 0']);
      expect(await statusAt(id, '2026-12-22T00:00:00Z')).toEqual({ plan, status: 'active' });
      // by its dates alone, and as the tasks write it
      expect(await statusAt(id, '2027-03-05T00:00:00Z')).toEqual({ plan, status: 'active' });
      for (const at of ['2027-01-01', '2027-02-01', '2027-03-01', '2027-03-05'])
        await runTasks(sql, `${at}T00:00:00Z`, { pays: false });
      expect(await invoicesOf(id)).toEqual(['paid 0', 'paid 0', 'paid 0', 'paid 0']);
      expect(await statusAt(id, '2027-03-05T00:00:00Z')).toEqual({ plan, status: 'active' });
    },
  );
});

describe('currencies of ISO 4217', () => {
  it('B14: a price that is finer than its currency is accepted with a note', async () => {
    const made = await say('plans create fine --price 1mo=9.999');
    expect(made.code).toBe(0);
    expect(made.stderr).toContain(
      'The price 9.999 USD per 1mo is finer than USD, which has 2 digits after the point: each invoice is rounded',
    );
    const yen = await say('plans edit fine --price 1mo=10.5JPY');
    expect(yen.stderr).toContain('finer than JPY, which has no digits after the point');
    expect((await say('plans create right --price 1mo=9.999KWD')).stderr).not.toContain('finer');
  });

  it('B14: an unknown currency is refused with the nearest one, whatever it is given for', async () => {
    for (const line of [
      'plans create odd --price 1mo=10USS',
      'customers add odd --currency USS',
      'discounts create ODD --amount 5 --currency USS',
      'config set cost_currency USS',
      'usage-report trends --currency USS',
    ]) {
      const { code, stdout, stderr } = await say(line);
      expect({ code, stdout }, line).toEqual({ code: 2, stdout: '' });
      expect(stderr, line).toContain(`'USS' is no currency of ISO 4217, did you mean USD?`);
    }
    const { code, stderr } = await say('plans create odd --price 1mo=10ZZZ');
    expect(code).toBe(2);
    expect(stderr).toContain(`The currency of the --price 'ZZZ' is no currency of ISO 4217`);
  });
});
