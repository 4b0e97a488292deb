import type { Connection } from '../../src/database/connect.ts';
import { openStripe } from '../../src/payments/stripe-account.ts';
import { stripeGateway } from '../../src/payments/stripe.ts';
import { checkExpired } from '../../src/tasks/check-expired.ts';
import { handleRenewals } from '../../src/tasks/handle-renewals.ts';
import type { Gateway } from '../../src/payments/gateway.ts';
import type { TaskOptions } from '../../src/tasks/task-options.ts';
import { changeCard } from '../stripe-server/methods.ts';
import { startStripe } from '../stripe-server/start.ts';
import { addOne, assign } from '../support/plans.ts';
import { run } from '../tasks/fixture.ts';

/** A database whose customers are charged by a Stripe of the test's own. */
export async function paying(sql: Connection, start = '2026-01-01T00:00:00Z') {
  const { world, faults, server, url, env } = await startStripe(start);
  const open = (timeoutMs = 2_000) =>
    stripeGateway(openStripe({ secretKey: 'sk_test_subctl', apiUrl: url, timeoutMs, perSecond: 1_000 }), {
      returnUrl: 'https://shop.example.org/account',
    });
  const gateway = open();
  let count = 0;
  return {
    ...{ world, faults, server, gateway, open, env },
    /** A customer with this card at Stripe. */
    async payer(card: string | undefined, at: string) {
      const id = `payer${++count}`;
      await addOne(sql, { id, email: `${id}@example.org` }, new Date(at));
      const stripe = await gateway.ensureCustomer({ id });
      await sql`update subctl.customers set stripe_customer_id = ${stripe} where id = ${id}`;
      if (card) changeCard(world, stripe, card);
      return { id, stripe };
    },
    /** Gives a plan that is charged, without asking for the first payment beforehand. */
    subscribe: (customer: string, at: string, plan = 'pro') =>
      assign(sql, at, { customer, plan, collection: 'charge' }),
    renew: (at: string, ask: Partial<TaskOptions> = {}, provider: Gateway = gateway) =>
      run(sql, handleRenewals({ gateway: () => Promise.resolve(provider) }), at, {
        ask: { keepRows: true, ...ask },
      }),
    expire: (at: string) => run(sql, checkExpired, at),
    /** What Stripe took of a customer, in cents, and how often. */
    taken: (stripe: string) => {
      const charges = world.list('charge', ({ customer, paid }) => customer === stripe && paid);
      return { times: charges.length, cents: charges.reduce((sum, { amount }) => sum + amount, 0) };
    },
    story: async (customer: string) => ({
      status: (
        await sql<{ status: string }[]>`
          select status from subctl.subscriptions where customer_id = ${customer} order by started_at desc, id desc limit 1`
      )[0]?.status,
      invoices:
        await sql`select trim_scale(total)::text as total, status from subctl.invoices where customer_id = ${customer} order by number`,
      payments:
        await sql`select status, attempt, error from subctl.payments where customer_id = ${customer} order by at, attempt`,
      notices: (
        await sql<{ kind: string }[]>`
          select kind from subctl.notifications where customer_id = ${customer} order by created_at, id`
      ).map(({ kind }) => kind),
    }),
  };
}
