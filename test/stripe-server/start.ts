import { afterAll } from 'vitest';
import { Faults } from './faults.ts';
import { serve } from './server.ts';
import { World } from './world.ts';

export const testKey = 'sk_test_subctl';
export const testSecret = 'whsec_subctl_test_secret_0001';

/** A Stripe of the test's own, from an instant on, stopped after its last test. */
export async function startStripe(start: string | Date) {
  const world = new World(start);
  const faults = new Faults();
  const server = await serve(world, faults, { key: testKey });
  afterAll(() => server.close());
  const env = {
    STRIPE_SECRET_KEY: testKey,
    STRIPE_WEBHOOK_SECRET: testSecret,
    STRIPE_API_URL: server.url,
    STRIPE_RETURN_URL: 'https://shop.example.org/account',
  };
  return { world, faults, server, url: server.url, env };
}
