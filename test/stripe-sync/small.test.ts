import { describe, expect, it } from 'vitest';
import { subctl } from '../support/cli.ts';
import { startMirror } from './fixture.ts';

const { sql, env, world, newSubscriber, sync } = await startMirror();
const at = '2026-02-02T00:00:00Z';
const typed = (...line: string[]) => subctl([...line, '--as-of', at], { env });

describe('S22: small faults', () => {
  it('S22: an answer without amount_received is told by the name of the field', async () => {
    const { id, stripeCustomer } = await newSubscriber();
    const [intent] = world.list('payment_intent', (each) => each.customer === stripeCustomer);
    Object.assign(intent!, { amount_received: undefined });
    const { code, stderr } = await typed('stripe', 'reconcile', '--customer', id, '--apply');
    expect(code).toBe(7);
    expect(stderr).toContain(`no amount_received of ${intent!.id}`);
    expect(stderr).not.toContain('BigInt');
    Object.assign(intent!, { amount_received: 2999 });
    expect(await sync(id, at)).toMatchObject({ unread: [] });
  });

  it('S22: a description of a plan that was changed, or taken away, is synced', async () => {
    const product = () => world.list('product', (each) => each.metadata['subctl_plan'] === 'max')[0]!;
    await typed('stripe', 'sync', 'plans');
    for (const text of ['For people who mean it', 'For everybody', 'none']) {
      expect(await typed('plans', 'edit', 'max', '--description', text)).toMatchObject({ code: 0 });
      const done = await typed('stripe', 'sync', 'plans', '--json');
      expect(JSON.parse(done.stdout)).toMatchObject([{ action: 'describe product', plan: 'max' }]);
      expect(product().description).toBe(text === 'none' ? null : text);
      expect(JSON.parse((await typed('stripe', 'sync', 'plans', '--json')).stdout)).toEqual([]);
    }
  });

  it('S22: a name of more than 150 signs is cut at Stripe, with a note, and is whole here', async () => {
    const name = '🎉'.repeat(160);
    await typed('customers', 'add', 'long', '--name', name);
    const done = await typed('stripe', 'checkout', 'long', 'pro');
    expect(done).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('names of at most 150 characters'),
    });
    const [customer] = world.list('customer', (each) => each.metadata['subctl_customer'] === 'long');
    expect([...customer!.name!]).toHaveLength(150);
    expect(customer!.name!.endsWith('…')).toBe(true);
    expect(await sql`select name from subctl.customers where id = 'long'`).toEqual([{ name }]);
  });
});
