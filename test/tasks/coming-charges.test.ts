import { beforeAll, expect, it } from 'vitest';
import { handleRenewals } from '../../src/tasks/handle-renewals.ts';
import { paying } from '../billing/paying.ts';
import { testDatabase } from '../support/database.ts';
import { loadLadder } from '../support/plans.ts';

const { sql } = await testDatabase();
const { payer, subscribe, renew, taken, gateway } = await paying(sql);
beforeAll(() => loadLadder(sql));

const preview = (at: string) =>
  handleRenewals({ gateway: () => Promise.resolve(gateway) }).preview(sql, { asOf: new Date(at) });

it('a dry run of handle-renewals lists the charges of the invoices that it would issue, and a run does just those', async () => {
  const [ann, bob] = [
    await payer('pm_card_visa', '2026-01-01T00:00:00Z'),
    await payer('pm_card_visa', '2026-01-01T00:00:00Z'),
  ];
  await subscribe(ann.id, '2026-01-01T00:00:00Z');
  await subscribe(bob.id, '2026-01-01T00:00:00Z', 'trial');
  await renew('2026-01-01T02:00:00Z');
  const rows = await preview('2026-03-01T02:00:00Z');
  const charges = rows.filter(({ action }) => action === 'charge');
  expect(charges.map(({ customer, reason }) => `${customer} ${/of .*$/.exec(reason)![0]}`)).toEqual([
    `${ann.id} of 29.99 USD is due to be charged`,
    `${bob.id} of 10.00 USD is due to be charged`,
  ]);
  expect(await sql`select count(*)::int as n from subctl.invoices`).toEqual([{ n: 1 }]);
  const done = await renew('2026-03-01T02:00:00Z');
  expect(done!.done).toBe(rows.length);
  expect([taken(ann.stripe), taken(bob.stripe)]).toEqual([
    { times: 2, cents: 5998 },
    { times: 1, cents: 1000 },
  ]);
  expect(await preview('2026-03-01T02:00:00Z')).toEqual([]);
});
