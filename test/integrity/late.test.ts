import { expect, it } from 'vitest';
import { healthChecks } from '../../src/integrity/health-checks.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, assign, loadLadder } from '../support/plans.ts';

const { sql } = await testDatabase();

it('B17: doctor says how late the tasks are, and what is not yet invoiced', async () => {
  await loadLadder(sql);
  const { find } = healthChecks.find(({ name }) => name === 'renewals')!;
  const at = '2026-12-30T10:00:00Z';
  for (const [customer, plan, collection] of [
    ['ann', 'pro', 'invoice'],
    ['bob', 'free', undefined],
    ['cat', 'bare', 'invoice'],
  ] as const) {
    await addOne(sql, { id: customer });
    await assign(sql, at, { customer, plan, collection });
  }
  await sql`update subctl.subscriptions set auto_renew = false where customer_id = 'cat'`;
  await sql`update subctl.invoices set status = 'paid', paid_at = issued_at`;
  expect(await find(sql, new Date('2027-01-31T09:00:00Z'))).toEqual([]);
  const since = 'since 2027-01-30T10:00:00.000Z';
  expect(await find(sql, new Date('2027-02-11T12:00:00Z'))).toEqual([
    {
      sentence: `handle-renewals is 12 days late: 2 subscriptions wait ${since}; 29.99 USD is not yet invoiced`,
    },
    { sentence: `check-expired is 12 days late: 1 subscription waits ${since}` },
  ]);
});
