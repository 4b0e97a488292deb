import { beforeAll, expect, it } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { addOne, assign, loadLadder } from '../support/plans.ts';
import { handsOn } from './world.ts';

const { sql } = await testDatabase();
const { pay, giveBack, numbers } = handsOn(sql);

beforeAll(async () => {
  await loadLadder(sql);
  await addOne(sql, { id: 'ann' });
  await assign(sql, '2026-01-01T00:00:00Z', { customer: 'ann', plan: 'pro' });
  await pay('2026-01-05T00:00:00Z', (await numbers('ann'))[0]!, 'A');
  await sql`update subctl.payments set provider_id = 'pi_1' where customer_id = 'ann'`;
});

const kept = () => sql`
  select trim_scale(paid)::text as paid, trim_scale(refunded)::text as refunded, trim_scale(disputed)::text as disputed, trim_scale(kept)::text as kept
    from subctl.net_payments where customer_id = 'ann'`;
const dispute = (id: string, amount: string, status: string, currency = 'USD') => sql`
  insert into subctl.disputes (customer_id, id, kind, provider_id, amount, currency, reason, status, at)
  values ('ann', ${id}, 'dispute', 'pi_1', ${amount}, ${currency}, 'fraudulent', ${status}, '2026-01-06')`;

it('S20: what was kept of a payment is what came in, less refunds that are done and disputes that are lost', async () => {
  expect(await kept()).toEqual([{ paid: '29.99', refunded: '0', disputed: '0', kept: '29.99' }]);
  await giveBack('2026-01-06T00:00:00Z', (await numbers('ann'))[0]!, { amount: '9.99' });
  await dispute('du_open', '5', 'needs_response');
  await dispute('du_won', '6', 'won');
  expect(await kept()).toEqual([{ paid: '29.99', refunded: '9.99', disputed: '0', kept: '20' }]);
  await sql`update subctl.disputes set status = 'lost' where id = 'du_open'`;
  expect(await kept()).toEqual([{ paid: '29.99', refunded: '9.99', disputed: '5', kept: '15' }]);
  await dispute('du_all', '29.99', 'lost');
  expect(await kept()).toEqual([{ paid: '29.99', refunded: '9.99', disputed: '34.99', kept: '0' }]);
});
