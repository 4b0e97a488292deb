import { type Loading, command } from '../command.ts';

const listPayments = command({
  path: 'payments list',
  summary: 'List payments and attempts at them, the newest first',
  description:
    'A payment is money that came for an invoice, or an attempt to charge it: its amount (in minor units too), its state, our reference and the provider’s id.',
  group: 'money',
  options: [
    { flag: '--customer', value: 'customer', about: 'only those of this customer' },
    { flag: '--invoice', value: 'number', about: 'only those for this invoice' },
    {
      flag: '--reference',
      value: 'text',
      about: 'only the one with this reference, or with this id at the provider',
    },
    {
      flag: '--status',
      value: 'status',
      kind: 'choice',
      choices: [
        'intended',
        'processing',
        'requires_action',
        'paid',
        'declined',
        'refunded',
        'partially_refunded',
      ],
      many: true,
      about: 'only those in this state; may be given several times',
    },
    { flag: '--from', value: 'time', kind: 'instant', about: 'only those from here on' },
    { flag: '--to', value: 'time', kind: 'instant', about: 'only those before this' },
    {
      flag: '--limit',
      value: 'number',
      kind: 'integer',
      min: 1,
      max: 1_000_000,
      default: 50,
      about: 'how many at most (50)',
    },
  ],
  examples: [
    { command: 'subctl payments list --customer ann', about: 'the payment history of ann' },
    {
      command: 'subctl payments list --status declined --from 2026-01-01 --json',
      about: 'what was declined this year',
    },
  ],
  rows: true,
  load: (): Loading => import('./list.ts'),
});

export type { listPayments };

export const payments = [listPayments] as const;
