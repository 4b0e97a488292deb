import { expect, it } from 'vitest';
import { editCustomer } from '../../src/customers/edit.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { addOne } from '../support/plans.ts';

const { sql } = await testDatabase();

it('R4: who gets a zone for the first time had the one of the settings before, and keeps it in the past', async () => {
  await addOne(sql, { id: 'ann' }, new Date('2026-01-01T00:00:00Z'));
  await asTester(
    sql,
    (tx, change) => editCustomer(tx, change, { id: 'ann', timezone: 'Pacific/Apia' }),
    new Date('2026-02-10T00:00:00Z'),
  );
  const zones =
    await sql`select subctl.zone_of('ann', '2026-02-01') as before, subctl.zone_of('ann', '2026-02-10') as after`;
  expect(zones).toEqual([{ before: 'UTC', after: 'Pacific/Apia' }]);
});
