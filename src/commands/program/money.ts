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
    summary: 'List payments and payment attempts',
    verbs: {
      list: entry('List payments and payment attempts, newest first', () => import('../payments/list.ts')),
    },
  },
  stripe: {
    summary: 'Sync plans, subscriptions and payments with Stripe',
    verbs: {
      sync: entry('Sync plans to Stripe products and prices', () => import('../stripe/sync-plans.ts')),
      checkout: entry(
        'Create a Stripe Checkout page for a customer and print its URL',
        () => import('../stripe/checkout.ts'),
      ),
      portal: entry(
        'Create a Stripe customer portal page and print its URL',
        () => import('../stripe/portal.ts'),
      ),
      adopt: entry(
        'Link a customer to a Stripe customer and import its data',
        () => import('../stripe/adopt.ts'),
      ),
      reconcile: entry(
        'Compare customers with Stripe and list the differences',
        () => import('../stripe/reconcile.ts'),
      ),
      webhook: entry('Process a Stripe webhook from a file', () => import('../stripe/webhook.ts')),
      events: entry('List, show, retry or replay Stripe webhook events', () => import('../stripe/events.ts')),
      disputes: entry('List disputes and early fraud warnings', () => import('../stripe/disputes.ts')),
    },
  },
});
