import fc from 'fast-check';
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
    await sql`select subctl_internal.zone_of('ann', '2026-02-01') as before, subctl_internal.zone_of('ann', '2026-02-10') as after`;
  expect(zones).toEqual([{ before: 'UTC', after: 'Pacific/Apia' }]);
});

it('R4: a zone that is said by the customer’s row reads as one that a history says, before and after every move', async () => {
  const zones = [null, 'UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia'];
  const begin = Date.parse('2026-01-01T00:00:00Z');
  const hour = 3_600_000;
  let count = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...zones),
      fc.array(fc.record({ after: fc.integer({ min: 1, max: 900 }), zone: fc.constantFrom(...zones) }), {
        maxLength: 3,
      }),
      fc.array(fc.integer({ min: -500, max: 3_000 }), { minLength: 8, maxLength: 8 }),
      async (first, moves, asked) => {
        const [byRow, byHistory] = [`row-${++count}`, `history-${count}`];
        for (const id of [byRow, byHistory]) await addOne(sql, { id, timezone: first }, new Date(begin));
        await sql`insert into subctl.customer_zones (customer_id, from_at, timezone) values (${byHistory}, '-infinity', ${first})`;
        let at = begin;
        const turns: number[] = [];
        for (const { after, zone } of moves) {
          at += after * hour;
          turns.push(at - 1, at);
          for (const id of [byRow, byHistory])
            await asTester(
              sql,
              (tx, change) => editCustomer(tx, change, { id, timezone: zone }),
              new Date(at),
            );
        }
        const instants = [...turns, ...asked.map((hours) => begin + hours * hour)];
        const readings = async (id: string) => sql`
          select subctl_internal.zone_of(${id}, t.at) as zone, w.*
            from unnest(${instants.map((each) => new Date(each).toISOString())}::text[]::timestamptz[]) with ordinality t(at, n)
           cross join lateral (select subctl_internal.customer_window(${id}, 'day', t.at, 1)::text as day, subctl_internal.customer_window(${id}, 'week', t.at, 1)::text as week,
                                      subctl_internal.customer_window(${id}, 'month', t.at, 1)::text as month,
                                      subctl_internal.customer_window(${id}, 'anchored_month', t.at, 1)::text as anchored) w
           order by t.n`;
        expect(await readings(byRow)).toEqual(await readings(byHistory));
      },
    ),
    { seed: 20_261_130, numRuns: process.env['SUBCTL_LONG'] ? 500 : 40 },
  );
});

it('who makes a customer is told by its row, and by the audit log from the first edit on', async () => {
  const at = new Date('2026-01-01T00:00:00Z');
  await addOne(sql, { id: 'bob', timezone: 'UTC', currency: 'EUR', name: 'Bob' }, at);
  const trail = () => sql`
    select t.before, t.after, c.at from subctl.audit_trail t join subctl.changes c on c.id = t.change_id where t.customer_id = 'bob' order by c.at`;
  const made = {
    before: null,
    after: { id: 'bob', kind: 'user', timezone: 'UTC', currency: 'EUR', name: 'changed' },
    at,
  };
  expect(await trail()).toEqual([made]);
  const later = new Date('2026-01-02T00:00:00Z');
  const edit = { id: 'bob', timezone: 'Asia/Tokyo', currency: null, name: null, email: 'bob@example.org' };
  await asTester(sql, (tx, change) => editCustomer(tx, change, edit), later);
  expect(await trail()).toEqual([
    made,
    {
      before: { timezone: 'UTC', currency: 'EUR', name: 'changed', email: 'changed' },
      after: { timezone: 'Asia/Tokyo', currency: null, name: 'changed', email: 'changed' },
      at: later,
    },
  ]);
});
