import { describe, expect, it } from 'vitest';
import { openStripe } from '../../src/payments/stripe-account.ts';
import { stripeGateway } from '../../src/payments/stripe.ts';
import { authenticate } from '../stripe-server/intents.ts';
import { passTime } from '../stripe-server/clocks.ts';
import { changeCard } from '../stripe-server/methods.ts';
import { startStripe } from '../stripe-server/start.ts';

const start = '2026-01-31T10:00:00Z';
const { world, faults, server, url } = await startStripe(start);
const account = openStripe({ secretKey: 'sk_test_subctl', apiUrl: url, timeoutMs: 400, perSecond: 1000 });
const gateway = stripeGateway(account, { returnUrl: 'https://shop.example.org/account' });

let count = 0;
async function newPayer(card?: string) {
  const id = await gateway.ensureCustomer({
    id: `payer-${(count += 1)}`,
    email: `payer${count}@example.org`,
  });
  if (card) changeCard(world, id, card);
  return id;
}
const ask = (customer: string, more: { key?: string; reference?: string } = {}) => ({
  key: `sub-1:2026-01-31:${(count += 1)}`,
  customer,
  amountMinor: 2999n,
  currency: 'USD',
  description: 'Basic Plan (1mo)',
  metadata: { subctl_invoice: 'i-1' },
  ...more,
});
const charged = (customer: string) =>
  world
    .list('charge', (charge) => charge.customer === customer && charge.paid)
    .reduce((sum, { amount }) => sum + amount, 0);

describe('a charge on the saved method', () => {
  it.each([
    ['pm_card_visa', { status: 'paid' }],
    [
      'pm_card_visa_chargeDeclinedInsufficientFunds',
      { status: 'declined', decline: 'soft', code: 'insufficient_funds' },
    ],
    ['pm_card_visa_chargeDeclined', { status: 'declined', decline: 'soft', code: 'generic_decline' }],
    [
      'pm_card_chargeDeclinedProcessingError',
      { status: 'declined', decline: 'soft', code: 'processing_error' },
    ],
    ['pm_card_visa_chargeDeclinedLostCard', { status: 'declined', decline: 'hard', code: 'lost_card' }],
    ['pm_card_chargeDeclinedExpiredCard', { status: 'declined', decline: 'hard', code: 'expired_card' }],
    ['pm_card_chargeDeclinedFraudulent', { status: 'declined', decline: 'hard', code: 'fraudulent' }],
    ['pm_usBankAccount', { status: 'processing' }],
  ])('with %s is %o', async (card, outcome) => {
    const charge = await gateway.charge(ask(await newPayer(card)));
    expect(charge).toMatchObject({ amountMinor: 2999n, currency: 'USD', outcome });
    expect(await gateway.getCharge(charge.reference)).toMatchObject({ outcome });
  });

  it('without a saved method is declined for good, and leaves an intent that a later attempt takes up', async () => {
    const customer = await newPayer();
    const first = await gateway.charge(ask(customer));
    expect(first.outcome).toMatchObject({ status: 'declined', decline: 'hard', code: 'no_payment_method' });
    changeCard(world, customer, 'pm_card_visa');
    const second = await gateway.charge(ask(customer, { reference: first.reference }));
    expect(second).toMatchObject({ reference: first.reference, outcome: { status: 'paid' } });
    expect(charged(customer)).toBe(2999);
  });

  it('that needs 3-D Secure gives the page of the bank, and is paid once the customer was there', async () => {
    const customer = await newPayer('pm_card_authenticationRequired');
    const charge = await gateway.charge(ask(customer));
    expect(charge.outcome).toEqual({
      status: 'requires_action',
      url: `https://hooks.stripe.test/3ds/${charge.reference}`,
    });
    authenticate(world, charge.reference);
    expect((await gateway.getCharge(charge.reference)).outcome).toEqual({ status: 'paid' });
  });

  it('by bank debit is on its way for days, then comes in or does not', async () => {
    const [good, poor] = [
      await newPayer('pm_usBankAccount'),
      await newPayer('pm_usBankAccount_insufficientFunds'),
    ];
    const [a, b] = [await gateway.charge(ask(good)), await gateway.charge(ask(poor))];
    passTime(world, world.now + 4 * 86_400);
    expect((await gateway.getCharge(a.reference)).outcome).toEqual({ status: 'paid' });
    expect((await gateway.getCharge(b.reference)).outcome).toMatchObject({
      status: 'declined',
      decline: 'soft',
    });
  });

  it('that was declined is tried again on the same intent: one intent per invoice', async () => {
    const customer = await newPayer('pm_card_chargeCustomerFail');
    const first = await gateway.charge(ask(customer));
    changeCard(world, customer, 'pm_card_visa');
    const second = await gateway.charge(ask(customer, { reference: first.reference }));
    expect(second).toMatchObject({
      reference: first.reference,
      outcome: { status: 'paid' },
      receivedMinor: 2999n,
    });
    expect(world.list('payment_intent', (intent) => intent.customer === customer)).toHaveLength(1);
  });

  it('can be given up, unless it was paid meanwhile', async () => {
    const declined = await gateway.charge(ask(await newPayer('pm_card_chargeCustomerFail')));
    expect((await gateway.cancelCharge(declined.reference)).outcome).toEqual({ status: 'canceled' });
    const paid = await gateway.charge(ask(await newPayer('pm_card_visa')));
    expect((await gateway.cancelCharge(paid.reference)).outcome).toEqual({ status: 'paid' });
  });
});

describe('asked twice', () => {
  it('a charge with one key is one charge', async () => {
    const customer = await newPayer('pm_card_visa');
    const request = ask(customer);
    const [a, b] = await Promise.all([gateway.charge(request), gateway.charge(request)]);
    expect(a.reference).toBe(b.reference);
    expect(charged(customer)).toBe(2999);
  });

  it('another amount under the same key is a conflict', async () => {
    const request = ask(await newPayer('pm_card_visa'));
    await gateway.charge(request);
    await expect(gateway.charge({ ...request, amountMinor: 1n })).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('a refund with one key is one refund, and more than was paid is refused', async () => {
    const customer = await newPayer('pm_card_visa');
    const { reference } = await gateway.charge(ask(customer));
    const part = { key: `refund-${reference}`, reference, amountMinor: 1000n, metadata: {} };
    const [first, second] = [await gateway.refund(part), await gateway.refund(part)];
    expect(second).toEqual(first);
    expect(await gateway.getCharge(reference)).toMatchObject({ receivedMinor: 2999n, refundedMinor: 1000n });
    const more = gateway.refund({ ...part, key: 'more', amountMinor: 2000n });
    await expect(more).rejects.toMatchObject({ kind: 'refused' });
    await gateway.refund({ ...part, key: 'rest', amountMinor: undefined });
    expect((await gateway.listRefunds(reference)).map(({ amountMinor }) => amountMinor)).toEqual([
      1000n,
      1999n,
    ]);
  });

  it('a customer is one customer, also by its metadata alone, and one that was deleted is made anew', async () => {
    const payer = { id: "o'brien", email: 'ob@example.org' };
    const first = await gateway.ensureCustomer(payer);
    expect(await gateway.ensureCustomer(payer)).toBe(first);
    expect(await gateway.ensureCustomer({ ...payer, providerId: first, email: 'new@example.org' })).toBe(
      first,
    );
    expect(world.get('customer', first).email).toBe('new@example.org');
    await account.ask((client) => client.customers.del(first));
    expect(await gateway.ensureCustomer({ ...payer, providerId: first })).not.toBe(first);
  });
});

describe('when the way to Stripe fails', () => {
  it('a connection that ends after the charge went through charges once: the package asks again with the same key', async () => {
    const customer = await newPayer('pm_card_visa');
    faults.plan({ kind: 'lost', line: /payment_intents$/ });
    expect((await gateway.charge(ask(customer))).outcome).toEqual({ status: 'paid' });
    expect(charged(customer)).toBe(2999);
  });

  it('all tries that end so leave a charge that is found by its key before anything is asked again', async () => {
    const customer = await newPayer('pm_card_visa');
    const request = ask(customer);
    faults.plan({ kind: 'lost', line: /payment_intents$/, times: 3 });
    await expect(gateway.charge(request)).rejects.toMatchObject({ kind: 'unavailable' });
    const since = new Date(start);
    expect(await gateway.findCharge({ customer, key: request.key, since })).toMatchObject({
      outcome: { status: 'paid' },
    });
    expect(await gateway.findCharge({ customer, key: 'another', since })).toBeUndefined();
    expect(charged(customer)).toBe(2999);
  });

  it('429 is waited for and 500 is tried again', async () => {
    const customer = await newPayer('pm_card_visa');
    faults.plan({ kind: 'busy', times: 2 }, { kind: 'broken', line: /payment_intents$/ });
    expect((await gateway.charge(ask(customer))).outcome).toEqual({ status: 'paid' });
    expect(charged(customer)).toBe(2999);
  });

  it.each([
    [{ kind: 'busy', times: 6, headers: { 'retry-after': '0' } }, 'unavailable', 'rate limit is exceeded'],
    [{ kind: 'broken', times: 3 }, 'unavailable', 'Stripe failed'],
    [{ kind: 'cut', times: 3 }, 'unavailable', 'Stripe cannot be reached'],
  ] as const)('%o for ever is %s', async (fault, kind, message) => {
    const customer = await newPayer('pm_card_visa');
    faults.plan(fault);
    const failed = await gateway.listMethods(customer).catch((error: unknown) => error);
    expect(failed).toMatchObject({ kind, message: expect.stringContaining(message) });
    faults.clear();
  });

  it('a key that is wrong is configuration, and no sentence has it', async () => {
    const wrong = stripeGateway(openStripe({ secretKey: 'sk_test_wrongwrongwrong', apiUrl: url }));
    const failed = await wrong.listMethods('cus_1').catch((error: unknown) => error as Error);
    expect(failed).toMatchObject({ kind: 'config', message: 'Stripe does not accept the key' });
    expect(JSON.stringify(failed) + (failed as Error).stack).not.toContain('wrongwrong');
  });

  it.each([
    [undefined, undefined, 'There is no Stripe key'],
    ['pk_test_1234567890', undefined, 'STRIPE_SECRET_KEY is not a secret key of Stripe: it begins with pk_'],
    [
      'sk_test_1',
      'http://api.example.org',
      "STRIPE_API_URL 'http://api.example.org' is neither https:// nor on this machine",
    ],
  ])('the key %s at %s is refused before anything is sent', (secretKey, apiUrl, message) => {
    expect(() => openStripe({ secretKey, apiUrl })).toThrow(
      expect.objectContaining({ kind: 'config', message }),
    );
  });
});

it('at most the given number of requests begin within a second, repeats included', async () => {
  const slow = openStripe({ secretKey: 'sk_test_subctl', apiUrl: url, perSecond: 10 });
  const before = server.requests.length;
  const asked = Promise.all(
    Array.from({ length: 25 }, () => slow.ask((client) => client.products.list({ limit: 1 }))),
  );
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(server.requests.length - before).toBeLessThanOrEqual(10);
  await asked;
  expect(server.requests.length - before).toBe(25);
});

it('the ways to pay come with the default one first, and the first instant at which a card has expired', async () => {
  const customer = await newPayer('pm_card_mastercard');
  changeCard(world, customer, 'pm_card_visa');
  expect(await gateway.listMethods(customer)).toMatchObject([
    {
      kind: 'card',
      brand: 'visa',
      last4: '4242',
      expiresAt: new Date('2029-09-01T00:00:00Z'),
      isDefault: true,
    },
    { brand: 'mastercard', isDefault: false },
  ]);
});
