import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { failedChecks } from '../integrity/failed-checks.ts';
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
  what: fc.constantFrom('reserve', 'record', 'settle', 'release', 'reverse'),
  amount: fc.integer({ min: 1, max: 25 }),
  which: fc.nat(20),
  wait: fc.integer({ min: 0, max: 9 }),
});

test('C8 C12 R10 R45: after any order of reserving, recording, settling, releasing, reversing and waiting, what is used and held is the sum', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const who = await customer(sql, `c${count++}`);
      await subscribe(sql, who, 'tight', { at: '2026-03-01T00:00:00Z' });
      const holds: Held[] = [];
      const events: { id: string; amount: number; credits: number }[] = [];
      let [now, used, credits] = [noon, 0, 100];
      const spend = (id: string, amount: number) => {
        const taken = Math.min(credits, 2 * amount);
        events.push({ id, amount, credits: taken });
        [used, credits] = [used + amount, credits - taken];
      };
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
          if (fits) spend(answer.event_id!, amount);
        } else if (what === 'reverse') {
          const [event] = events.splice(which % Math.max(1, events.length), 1);
          if (!event) continue;
          await sql`select subctl.reverse_usage(${who}, ${event.id}, ${as_of}, 'mistake', null)`;
          [used, credits] = [used - event.amount, credits + event.credits];
        } else {
          const hold = holds.filter(({ open }) => open)[which % Math.max(1, holds.length)];
          if (!hold) continue;
          hold.open = false;
          if (what === 'release') await release(sql, { customer: who, reservation: hold.id, as_of });
          else {
            const answer = await settle(sql, {
              customer: who,
              reservation: hold.id,
              quantity: amount,
              as_of,
            });
            spend(answer.event_id!, amount);
          }
        }
        const [row] = await sql`
          select l.used::float8 as used, l.held::float8 as held, subctl_internal.credit_balance(${who}, ${as_of})::float8 as credits
            from subctl.usage_limits(${who}, ${as_of}) l where l.meter_id = 'images' and l.win = 'day'`;
        expect(row).toEqual({ used, held: live(), credits });
      }
    }),
    { numRuns: 40 },
  );
  expect(
    (await failedChecks(sql, new Date(noon + 86_400_000))).filter(({ check }) => check !== 'audit'),
  ).toEqual([]);
});
