import { inGroup } from '../program-types.ts';
import { entry } from '../verb.ts';

/** Commands for invoices and payments. */
export const money = inGroup('money', {
  invoices: {
    summary: 'List, pay, charge, void, refund and export invoices',
    verbs: {
      list: entry('List invoices, newest first', () => import('../invoices/list.ts')),
      show: entry(
        'Show an invoice with line items, payments and refunds',
        () => import('../invoices/show.ts'),
      ),
      preview: entry('Preview the next invoice of a customer', () => import('../invoices/preview.ts')),
      history: entry(
        'Show billed amounts by period: base, overage, discount, total',
        () => import('../invoices/history.ts'),
      ),
      pay: entry('Record a payment for an invoice', () => import('../invoices/pay.ts')),
      charge: entry(
        'Charge an invoice to the saved payment method now',
        () => import('../invoices/charge.ts'),
      ),
      void: entry('Void an unpaid invoice', () => import('../invoices/void.ts')),
      refund: entry('Refund an invoice, in full or in part', () => import('../invoices/refund.ts')),
      export: entry('Export invoice line items for accounting', () => import('../invoices/export.ts')),
    },
  },
  payments: {
    summary: 'Payments that came in',
    verbs: {
      list: entry(
        'List payments and attempts at them, the newest first',
        () => import('../payments/list.ts'),
      ),
    },
  },
  stripe: {
    summary: 'Plans, subscriptions and payments at Stripe',
    verbs: {
      sync: entry(
        "Make Stripe's products and prices what the plans say",
        () => import('../stripe/sync-plans.ts'),
      ),
      checkout: entry(
        "Open a page of Stripe's on which a customer subscribes, and print its address",
        () => import('../stripe/checkout.ts'),
      ),
      portal: entry(
        "Open a page of Stripe's for a customer's card, invoices and cancellation, and print its address",
        () => import('../stripe/portal.ts'),
      ),
      adopt: entry('Take over what Stripe has of a customer already', () => import('../stripe/adopt.ts')),
      reconcile: entry(
        'Compare every customer with Stripe, and show what differs',
        () => import('../stripe/reconcile.ts'),
      ),
      webhook: entry(
        "Take in one webhook of Stripe's from a file, and process it",
        () => import('../stripe/webhook.ts'),
      ),
      events: entry(
        'List, show, retry or fetch again the webhooks of Stripe',
        () => import('../stripe/events.ts'),
      ),
      disputes: entry(
        'List the payments that somebody disputes, and those that are probably fraud',
        () => import('../stripe/disputes.ts'),
      ),
    },
  },
});
