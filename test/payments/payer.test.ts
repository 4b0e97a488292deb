import { describe, expect, it } from 'vitest';
import { openStripe } from '../../src/payments/stripe-account.ts';
import { stripeGateway } from '../../src/payments/stripe.ts';
import { passTime } from '../stripe-server/clocks.ts';
import { attachMethod, saveLegacyCard } from '../stripe-server/methods.ts';
import { startStripe } from '../stripe-server/start.ts';

const { world, url, server } = await startStripe('2026-01-31T10:00:00Z');
const account = openStripe({ secretKey: 'sk_test_subctl', apiUrl: url, timeoutMs: 400, perSecond: 1000 });
const gateway = stripeGateway(account, { returnUrl: 'https://shop.example.org/account' });
const bare = stripeGateway(account);
const minute = () => passTime(world, world.now + 61);

let count = 0;
const ask = (customer: string, more: { method?: string; reference?: string } = {}) => ({
  key: `order:${(count += 1)}`,
  customer,
  amountMinor: 3000n,
  currency: 'USD',
  description: 'Plus (1mo)',
  metadata: {},
  ...more,
});
const newPayer = (id = `payer-${(count += 1)}`) => gateway.ensureCustomer({ id });
const at = (id: string) => world.get('customer', id);

describe('S1: the provider’s customer of one of ours', () => {
  it('S1: ids that differ in capitals are two customers of Stripe, and the first keeps its id and address', async () => {
    const first = await gateway.ensureCustomer({ id: 'acme', email: 'small@example.org' });
    minute();
    const second = await gateway.ensureCustomer({ id: 'ACME', email: 'big@example.org' });
    expect(second).not.toBe(first);
    expect(at(first)).toMatchObject({ email: 'small@example.org', metadata: { subctl_customer: 'acme' } });
    minute();
    expect(await newPayer('acme')).toBe(first);
    expect(await newPayer('ACME')).toBe(second);
    expect(await newPayer('Acme')).not.toBe(first);
  });

  it('S1: one that was made a moment ago, and that no search finds yet, is found', async () => {
    const first = await newPayer('fresh');
    server.forgetKeys();
    expect(await gateway.ensureCustomer({ id: 'fresh', email: 'fresh@example.org' })).toBe(first);
    expect(at(first).email).toBe('fresh@example.org');
  });

  it('S1: an account without search finds it among those that were made since', async () => {
    const first = await gateway.ensureCustomer({ id: 'mumbai' });
    await newPayer();
    world.searches = false;
    server.forgetKeys();
    const since = new Date('2026-01-31T10:00:00Z');
    expect(await gateway.ensureCustomer({ id: 'mumbai', since })).toBe(first);
    expect(await gateway.ensureCustomer({ id: 'MUMBAI', since })).not.toBe(first);
    world.searches = true;
  });

  it('S1: one that belongs to another customer here is refused before anything is changed', async () => {
    const first = await newPayer('held');
    const claim = () => Promise.reject(new Error('it is somebody else’s'));
    const asked = { id: 'held', email: 'new@example.org' };
    await expect(gateway.ensureCustomer(asked, claim)).rejects.toThrow('somebody else');
    expect(at(first).email).toBeNull();
    await expect(gateway.ensureCustomer({ id: 'HELD', providerId: first })).rejects.toMatchObject({
      kind: 'conflict',
      message: `Stripe customer ${first} has the metadata of held, not of HELD`,
    });
    expect(at(first).metadata).toEqual({ subctl_customer: 'held' });
  });
});

describe('S15: an off-session charge', () => {
  it.each([
    ['with an address to come back to', gateway],
    ['without one', bare],
  ])('S15: allows the type of its method alone, %s: card and bank debit', async (_what, by) => {
    for (const name of ['pm_card_visa', 'pm_usBankAccount']) {
      const customer = await newPayer();
      const method = attachMethod(world, name, { customer });
      const { reference } = await by.charge(ask(customer));
      const intent = world.get('payment_intent', reference);
      expect(intent.allowed_payment_method_types).toEqual([method.type]);
      expect(intent.status).toBe(name === 'pm_card_visa' ? 'succeeded' : 'processing');
    }
  });

  it('S15: a retry with a method of another type, a named method, and a link for 3-D Secure do so too', async () => {
    const customer = await newPayer();
    const none = await bare.charge(ask(customer));
    attachMethod(world, 'pm_usBankAccount', { customer });
    const later = await bare.charge(ask(customer, { reference: none.reference }));
    expect(later).toMatchObject({ reference: none.reference, outcome: { status: 'processing' } });
    const shy = await newPayer();
    const card = attachMethod(world, 'pm_card_authenticationRequired', { customer: shy });
    attachMethod(world, 'pm_card_visa', { customer: shy });
    const asked = await gateway.charge(ask(shy, { method: card.id }));
    expect(asked.outcome).toMatchObject({ status: 'requires_action', url: expect.any(String) as string });
    expect((await bare.charge(ask(shy, { method: card.id }))).outcome).toEqual({
      status: 'requires_action',
      url: undefined,
    });
  });
});

describe('S18: which method is charged', () => {
  it('S18: a default source from before payment methods is charged, among several cards', async () => {
    const customer = await newPayer();
    attachMethod(world, 'pm_card_mastercard', { customer });
    const legacy = saveLegacyCard(world, customer, 'pm_card_visa');
    const { outcome, reference } = await gateway.charge(ask(customer));
    expect(outcome).toEqual({ status: 'paid' });
    expect(world.get('payment_intent', reference).payment_method).toBe(legacy.id);
    expect((await gateway.listMethods(customer))[0]).toMatchObject({ id: legacy.id, isDefault: true });
  });

  it('S18: a default method comes before the default source', async () => {
    const customer = await newPayer();
    saveLegacyCard(world, customer, 'pm_card_visa_chargeDeclined');
    const method = attachMethod(world, 'pm_card_visa', { customer });
    at(customer).invoice_settings.default_payment_method = method.id;
    expect((await gateway.charge(ask(customer))).outcome).toEqual({ status: 'paid' });
  });

  it('S18: two cards without any default are refused by that reason, and neither is charged', async () => {
    const customer = await newPayer();
    attachMethod(world, 'pm_card_visa', { customer });
    attachMethod(world, 'pm_card_mastercard', { customer });
    const charge = await gateway.charge(ask(customer));
    expect(charge.outcome).toEqual({
      status: 'declined',
      decline: 'hard',
      code: 'no_default_payment_method',
      message: '2 payment methods are saved, and none of them is the default',
    });
    expect(world.list('charge', (each) => each.customer === customer)).toEqual([]);
  });
});
