import { expect, it } from 'vitest';
import { attachMethod, saveLegacyCard } from '../stripe-server/methods.ts';
import { startMirror } from './fixture.ts';

const { sql, world, newSubscriber, sync } = await startMirror();

const notices = async (customer: string) =>
  (
    await sql<{ last4: string }[]>`
      select payload->>'last4' as last4 from subctl.notifications where customer_id = ${customer} and kind = 'card_expiring'`
  ).map(({ last4 }) => last4);

/** A subscriber with two cards beside the first one, which is the customer's default; the one whose digits are named expires. */
async function subscriber(expires: string, choose: (cards: { own: string; legacy: string }) => object) {
  const buyer = await newSubscriber({ at: '2026-01-10T12:00:00Z', card: 'pm_card_visa' });
  const own = attachMethod(world, 'pm_card_mastercard', { customer: buyer.stripeCustomer });
  const legacy = saveLegacyCard(world, buyer.stripeCustomer, 'pm_card_createDispute');
  const customer = world.get('customer', buyer.stripeCustomer);
  Object.assign(customer, { default_source: null });
  Object.assign(customer, choose({ own: own.id, legacy: legacy.id }));
  for (const method of world.list('payment_method', (each) => each.customer === buyer.stripeCustomer))
    if (method.card!.last4 === expires) Object.assign(method.card!, { exp_month: 1, exp_year: 2026 });
  await sync(buyer.id, '2026-01-12T03:00:00Z');
  return { ...buyer, own };
}

it('S17: the card of the subscription is told of, whatever the customer’s default is', async () => {
  const { id, subscription, own } = await subscriber('4444', () => ({}));
  expect(await notices(id)).toEqual([]); // the customer's default is good for years
  world.get('subscription', subscription).default_payment_method = own.id;
  await sync(id, '2026-01-12T04:00:00Z');
  expect(await notices(id)).toEqual(['4444']);
});

it('S17: without one it is the customer’s default, and then the default source of old', async () => {
  expect(await notices((await subscriber('4242', () => ({}))).id)).toEqual(['4242']);
  const old = await subscriber('0259', ({ legacy }) => ({
    default_source: legacy,
    invoice_settings: { default_payment_method: null },
  }));
  expect(await notices(old.id)).toEqual(['0259']);
});
