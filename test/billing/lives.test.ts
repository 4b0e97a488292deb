import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { runChecks } from '../../src/integrity/run-checks.ts';
import { inTransaction } from '../../src/database/transaction.ts';
import { changeCard } from '../stripe-server/methods.ts';
import { testDatabase } from '../support/database.ts';
import { loadLadder } from '../support/plans.ts';
import { paying } from './paying.ts';

const { sql } = await testDatabase();
const { world, faults, payer, subscribe, renew, expire, taken, open } = await paying(sql);
beforeAll(() => loadLadder(sql));

const isLong = process.env['SUBCTL_LONG'] === '1';
const cards = [
  'pm_card_visa',
  'pm_card_visa_chargeDeclinedInsufficientFunds',
  'pm_card_visa_chargeDeclinedLostCard',
];
const step = fc.record({
  /** days until the next run: daily ones, and tasks that were down */
  days: fc.constantFrom(1, 1, 1, 2, 5, 20),
  card: fc.option(fc.constantFrom(...cards), { freq: 2 }),
  fault: fc.option(fc.constantFrom('busy', 'broken', 'cut', 'lost'), { freq: 2 }),
  twice: fc.boolean(),
});

it(
  `whatever cards, networks and nights do: each invoice is charged at most once, what Stripe took is what is written, and the books are right`,
  { timeout: isLong ? 3_600_000 : 240_000 },
  async () => {
    const impatient = open(250);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 10 }), async (steps) => {
        const { id, stripe } = await payer('pm_card_visa', '2026-01-31T00:00:00Z');
        await subscribe(id, '2026-01-31T00:00:00Z');
        let at = Date.UTC(2026, 0, 31, 2);
        for (const { days, card, fault, twice } of steps) {
          if (card !== null) changeCard(world, stripe, card);
          if (fault !== null) faults.plan({ kind: fault, line: /POST \/v1\/payment_intents/, times: 3 });
          const now = new Date(at).toISOString();
          await expire(new Date(at - 3_600_000).toISOString());
          await renew(now, { customer: id }, impatient);
          if (twice) await renew(new Date(at + 1_800_000).toISOString(), { customer: id }, impatient);
          faults.clear();
          at += days * 86_400_000;
        }
        await renew(new Date(at).toISOString(), { customer: id });
        const [written] = await sql<[{ times: number; cents: number; twice: number; open: number }]>`
          select count(*)::int as times, coalesce(sum(amount_minor), 0)::int as cents, count(*)::int - count(distinct invoice_id)::int as twice,
                 (select count(*)::int from subctl.invoices i where i.customer_id = ${id} and i.status = 'paid'
                     and not exists (select from subctl.payments q where q.customer_id = i.customer_id and q.invoice_id = i.id and q.status = 'paid')) as open
            from subctl.payments where customer_id = ${id} and status = 'paid'`;
        expect(written).toEqual({ ...taken(stripe), twice: 0, open: 0 });
      }),
      { seed: 20261125, numRuns: isLong ? 1_000 : 15 },
    );
    const found = await inTransaction(sql, (tx) => runChecks(tx, { now: new Date('2026-12-01T00:00:00Z') }), {
      readOnly: true,
    });
    expect(
      found.filter(
        ({ count, check }) => count > 0 && /invoice|payment|billed|refund|renewal|status|segment/.test(check),
      ),
    ).toEqual([]);
  },
);
