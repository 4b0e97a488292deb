import { createPrice, createProduct } from '../stripe-server/catalogue.ts';
import { passTime } from '../stripe-server/clocks.ts';
import { createCustomer, deleteCustomer } from '../stripe-server/customers.ts';
import { changeCard } from '../stripe-server/methods.ts';
import { startStripe } from '../stripe-server/start.ts';
import { createSubscription } from '../stripe-server/subscriptions.ts';

/** A Stripe on 10 March 2026 that sells a plan made by hand, price_1Abc, to the customer cus_Q1 since 20 February. */
export async function stripeOfGuides() {
  const { world, env } = await startStripe('2026-02-20T09:30:00Z');
  const product = createProduct(world, { name: 'Basic' }).id;
  const price = createPrice(world, {
    ...{ product, currency: 'usd', unit_amount: '2999' },
    recurring: { interval: 'month' },
  });
  world.add('price', { ...price, id: 'price_1Abc' });
  const made = createCustomer(world, { email: 'billing@beta.example' });
  world.add('customer', { ...made, id: 'cus_Q1' });
  deleteCustomer(world, made.id);
  changeCard(world, 'cus_Q1', 'pm_card_visa');
  createSubscription(world, { customer: 'cus_Q1', items: [{ price: 'price_1Abc' }] });
  passTime(world, Date.parse('2026-03-10T09:00:00Z') / 1000);
  return env;
}
