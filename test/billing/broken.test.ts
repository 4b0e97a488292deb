import { beforeAll, describe, expect, it } from 'vitest';
import { askProvider, intendCharge, settleCharge } from '../../src/billing/charge.ts';
import { recordChange } from '../../src/database/change.ts';
import { runChecks } from '../../src/integrity/run-checks.ts';
import { inTransaction } from '../../src/database/transaction.ts';
import type { ChargeRequest } from '../../src/payments/gateway.ts';
import { testDatabase } from '../support/database.ts';
import { loadLadder } from '../support/plans.ts';
import { programOn } from '../support/program.ts';
import { paying } from './paying.ts';

const { sql, env } = await testDatabase();
const { faults, payer, subscribe, renew, taken, story, open, env: stripeEnv } = await paying(sql);
beforeAll(() => loadLadder(sql));

describe('what breaks on the way', () => {
  it.each(['busy', 'broken', 'cut', 'lost'] as const)(
    '%s: charged exactly once, whenever the next run comes',
    async (kind) => {
      const { id, stripe } = await payer('pm_card_visa', '2026-01-01T00:00:00Z');
      await subscribe(id, '2026-01-01T00:00:00Z');
      faults.plan({ kind, line: /POST \/v1\/payment_intents/, times: 3 });
      const impatient = open(300);
      const first = await renew('2026-01-01T02:00:00Z', { customer: id }, impatient);
      faults.clear();
      expect(first!.done + first!.parked).toBe(1);
      await renew('2026-01-01T03:00:00Z', { customer: id });
      await renew('2026-01-02T03:00:00Z', { customer: id });
      expect(taken(stripe)).toEqual({ times: 1, cents: 2999 });
      expect(await story(id)).toMatchObject({
        status: 'active',
        invoices: [{ status: 'paid' }],
        notices: [],
      });
    },
  );

  it('a crash after the charge and before it was written: the next run finds it and writes it', async () => {
    const { id, stripe } = await payer('pm_card_visa', '2026-01-01T00:00:00Z');
    await subscribe(id, '2026-01-01T00:00:00Z');
    const gateway = open();
    const crashing = {
      ...gateway,
      async charge(asked: ChargeRequest): Promise<never> {
        await gateway.charge(asked);
        throw new Error('power');
      },
    };
    await expect(renew('2026-01-01T02:00:00Z', { customer: id }, crashing)).rejects.toThrow('power');
    expect(await story(id)).toMatchObject({ payments: [{ status: 'intended' }] });
    expect(taken(stripe).times).toBe(1);
    await renew('2026-01-01T02:05:00Z', { customer: id });
    expect(taken(stripe).times).toBe(1);
    expect(await story(id)).toMatchObject({ invoices: [{ status: 'paid' }], payments: [{ status: 'paid' }] });
  });

  it('eight runners at once on one invoice, and a network that fails after the charge: charged exactly once', async () => {
    const { id, stripe } = await payer('pm_card_visa', '2026-01-01T00:00:00Z');
    await subscribe(id, '2026-01-01T00:00:00Z');
    const [{ invoice }] = await sql<
      [{ invoice: string }]
    >`select id as invoice from subctl.invoices where customer_id = ${id}`;
    faults.plan({ kind: 'lost', line: /POST \/v1\/payment_intents/, times: 4 });
    const runner = async () => {
      const change = await inTransaction(sql, (tx) =>
        recordChange(tx, {
          now: new Date('2026-01-01T02:00:00Z'),
          actor: 'runner',
          action: 'handle-renewals',
        }),
      );
      const asked = { customer: id, invoice, provider: 'stripe' };
      const attempt = await inTransaction(sql, (tx) => intendCharge(tx, change, asked));
      if (!attempt) return;
      const answer = await askProvider(sql, open(300), attempt);
      await inTransaction(sql, (tx) => settleCharge(tx, change, { attempt, answer }));
    };
    await Promise.allSettled(Array.from({ length: 8 }, runner));
    faults.clear();
    await renew('2026-01-01T03:00:00Z', { customer: id });
    await renew('2026-01-02T03:00:00Z', { customer: id });
    expect(taken(stripe)).toEqual({ times: 1, cents: 2999 });
    expect(await story(id)).toMatchObject({ invoices: [{ status: 'paid' }], payments: [{ status: 'paid' }] });
  });

  it('no key where something is to be charged is exit 5, and it waits', async () => {
    const { id } = await payer('pm_card_visa', '2026-01-01T00:00:00Z');
    await subscribe(id, '2026-01-01T00:00:00Z');
    const line = `handle-renewals --customer ${id} --as-of 2026-01-01T02:00:00Z`;
    expect(await programOn(env).say(line)).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('no Stripe key') as string,
    });
    expect(await programOn({ ...env, ...stripeEnv }).say(line)).toMatchObject({ code: 0 });
    expect(await story(id)).toMatchObject({ invoices: [{ status: 'paid' }] });
  });
});

it('R45: after all of it the books are right', async () => {
  const found = await inTransaction(sql, (tx) => runChecks(tx, { now: new Date('2026-04-02T00:00:00Z') }), {
    readOnly: true,
  });
  expect(
    found.filter(({ count, check }) => count > 0 && !/credits|grants|windows|parked|jobs/.test(check)),
  ).toEqual([]);
});
