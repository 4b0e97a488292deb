import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { release, reserve, settle } from './holds.ts';
import { customer, lay, plan, record, subscribe } from './world.ts';

const { sql } = await testDatabase();
const noon = Date.parse('2026-03-10T12:00:00Z');
let count = 0;

beforeAll(async () => {
  await lay(sql, undefined, { image: '2' });
  await plan(sql, 'tight', { limits: { images: { day: 40, lifetime: 90 } }, credits: '100' });
});

/** A hold of the model: how much, and until when it counts. */
interface Held {
  id: string;
  amount: number;
  until: number;
  open: boolean;
}

const step = fc.record({
  what: fc.constantFrom('reserve', 'record', 'settle', 'release'),
  amount: fc.integer({ min: 1, max: 25 }),
  which: fc.nat(20),
  wait: fc.integer({ min: 0, max: 9 }),
});

test('C8 R10: after any order of reserving, recording, settling, releasing and waiting, what is used and held is the sum', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const who = await customer(sql, `c${count++}`);
      await subscribe(sql, who, 'tight', { at: '2026-03-01T00:00:00Z' });
      const holds: Held[] = [];
      let [now, used, credits] = [noon, 0, 100];
      const live = () =>
        holds.filter(({ open, until }) => open && until > now).reduce((sum, { amount }) => sum + amount, 0);
      for (const { what, amount, which, wait } of steps) {
        now += wait * 60_000;
        const as_of = new Date(now).toISOString();
        const fits = used + live() + amount <= 40 && 2 * (live() + amount) <= credits;
        if (what === 'reserve') {
          const answer = await reserve(sql, { customer: who, kind: 'image', quantity: amount, as_of });
          expect(answer.allowed).toBe(fits);
          if (fits) holds.push({ id: answer.reservation, amount, until: now + 15 * 60_000, open: true });
        } else if (what === 'record') {
          const answer = await record(sql, { customer: who, kind: 'image', quantity: amount, as_of });
          expect(answer.allowed).toBe(fits);
          if (fits) [used, credits] = [used + amount, credits - 2 * amount];
        } else {
          const hold = holds.filter(({ open }) => open)[which % Math.max(1, holds.length)];
          if (!hold) continue;
          hold.open = false;
          if (what === 'release') await release(sql, { customer: who, reservation: hold.id, as_of });
          else {
            await settle(sql, { customer: who, reservation: hold.id, quantity: amount, as_of });
            [used, credits] = [used + amount, Math.max(0, credits - 2 * amount)];
          }
        }
        const [row] = await sql`
          select l.used::float8 as used, l.held::float8 as held, subctl.credit_balance(${who}, ${as_of})::float8 as credits
            from subctl.usage_limits(${who}, ${as_of}) l where l.meter_id = 'images' and l.win = 'day'`;
        expect(row).toEqual({ used, held: live(), credits });
      }
    }),
    { numRuns: 40 },
  );
}, 120_000);
