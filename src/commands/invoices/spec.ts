import { type Loading, command } from '../command.ts';

const invoice = { name: 'invoice', about: 'number of the invoice, or its id' } as const;
const whose = {
  flag: '--customer',
  value: 'customer',
  about: 'whose it is, should two have the same number',
} as const;
const from = {
  flag: '--from',
  value: 'time',
  kind: 'instant',
  about: 'only those issued from here on',
} as const;
const to = { flag: '--to', value: 'time', kind: 'instant', about: 'only those issued before this' } as const;
const limit = {
  flag: '--limit',
  value: 'number',
  kind: 'integer',
  min: 1,
  max: 1_000_000,
  default: 50,
  about: 'how many at most (50)',
} as const;
const common = { group: 'money', rows: true } as const;
const writing = { ...common, exits: [3, 4, 8], asOf: true, writes: true } as const;

const listInvoices = command({
  path: 'invoices list',
  summary: 'List invoices, the newest first',
  ...common,
  asOf: true,
  options: [
    { flag: '--customer', value: 'customer', about: 'only those of this customer' },
    {
      flag: '--status',
      value: 'status',
      kind: 'choice',
      choices: ['open', 'overdue', 'paid', 'void', 'uncollectible'],
      many: true,
      about: 'only those in this state; overdue is open and past its day; may be given several times',
    },
    from,
    to,
    { flag: '--after', value: 'number', about: 'only those issued before this one: the next page' },
    limit,
  ],
  examples: [
    { command: 'subctl invoices list --status overdue', about: 'who owes money that was due' },
    { command: 'subctl invoices list --customer ann --format csv', about: 'ann’s, for a spreadsheet' },
  ],
  load: (): Loading => import('./list.ts'),
});

const showInvoice = command({
  path: 'invoices show',
  summary: 'Show an invoice: its lines, payments and refunds',
  description:
    'With --format html it is a page for the customer: one file that asks for nothing from anywhere, to be printed or sent. --format markdown and csv have the same lines.',
  ...common,
  asOf: true,
  exits: [3, 8],
  arguments: [invoice],
  options: [whose],
  examples: [
    { command: 'subctl invoices show 7E0D7F8A-0001', about: 'everything about it' },
    { command: 'subctl invoices show 7E0D7F8A-0001 --format html > invoice.html', about: 'a page to print' },
  ],
  load: (): Loading => import('./show.ts'),
});

const previewInvoice = command({
  path: 'invoices preview',
  summary: 'Show what the next invoice of a customer will say',
  description:
    'The period is ended and the next one begun, and all of it undone: so it has what that invoice will have, if nothing more happens until then. Plan and seats, codes, and what was used so far beyond limits that are sold, in windows that end with the period. Invoices that are open are taken as paid. Of what Stripe owns, Stripe is asked.',
  ...common,
  asOf: true,
  exits: [3, 4],
  arguments: [{ name: 'customer', about: 'id of the customer' }],
  examples: [
    { command: 'subctl invoices preview ann', about: 'line by line' },
    { command: 'subctl invoices preview ann --json', about: 'the same, for a program' },
  ],
  load: (): Loading => import('./preview.ts'),
});

const invoiceHistory = command({
  path: 'invoices history',
  summary: 'Show what each period of a customer came to: base, overage, discount, total',
  description:
    'The newest period first. The base is the plan’s price, less what was not used of the plan before. What the period’s use cost by the price list stands beside it, in the cost currency; it is not charged.',
  ...common,
  exits: [3],
  arguments: [{ name: 'customer', about: 'id of the customer' }],
  options: [limit],
  examples: [
    { command: 'subctl invoices history ann', about: 'period by period' },
    { command: 'subctl invoices history ann --format markdown', about: 'the same for a letter' },
  ],
  load: (): Loading => import('./history.ts'),
});

const payInvoice = command({
  path: 'invoices pay',
  summary: 'Note that the money for an invoice has come',
  description:
    'An invoice is paid whole, with one payment. The reference names that payment for ever, among all of its provider: the same again changes nothing, and the same for something else is refused. ' +
    'A subscription that was past due for this invoice is active again from now on. One that has ended stays ended: assign the plan anew.',
  ...writing,
  arguments: [invoice],
  options: [
    whose,
    {
      flag: '--reference',
      value: 'text',
      required: true,
      about: 'what names the payment: a line of the bank statement',
    },
    {
      flag: '--provider',
      value: 'name',
      default: 'manual',
      about: 'where the money came: bank, cash, paypal (manual)',
    },
    {
      flag: '--amount',
      value: 'amount',
      kind: 'amount',
      min: 0,
      about: 'what came, to be compared with the total',
    },
    { flag: '--at', value: 'time', kind: 'instant', about: 'when it came (now)' },
  ],
  examples: [
    { command: 'subctl invoices pay 7E0D7F8A-0001 --reference BANK-2291', about: 'the transfer has come' },
    {
      command: 'subctl invoices pay 7E0D7F8A-0001 --reference BANK-2291 --amount 39.00 --dry-run',
      about: 'what it would do, if it is 39.00',
    },
  ],
  load: (): Loading => import('./pay.ts'),
});

const voidInvoice = command({
  path: 'invoices void',
  summary: 'Take back an invoice that nobody has paid',
  description:
    'Nothing is owed on it any more, and a subscription that was past due for it alone is active again. Its number stays used. One that is paid can only be refunded.',
  ...writing,
  arguments: [invoice],
  options: [whose],
  examples: [
    {
      command: 'subctl invoices void 7E0D7F8A-0001 --reason "wrong plan" --yes',
      about: 'without a question',
    },
    { command: 'subctl invoices void 7E0D7F8A-0001 --dry-run', about: 'what it would do' },
  ],
  load: (): Loading => import('./void.ts'),
});

const refundInvoice = command({
  path: 'invoices refund',
  summary: 'Give back what was paid for an invoice, or a part of it',
  description:
    'What a provider took, the provider is asked to give back; what came by hand goes back by hand, and is noted here. The invoice stays paid, and the subscription goes on: to end it, too, cancel it. ' +
    'With --reference the same refund again changes nothing.',
  ...writing,
  arguments: [invoice],
  options: [
    whose,
    { flag: '--amount', value: 'amount', kind: 'amount', min: 0, about: 'how much (all that is left)' },
    { flag: '--reference', value: 'text', about: 'what names this refund (the payment’s and a number)' },
  ],
  examples: [
    {
      command: 'subctl invoices refund 7E0D7F8A-0001 --amount 10.00 --reason "outage" --yes',
      about: 'a part',
    },
    { command: 'subctl invoices refund 7E0D7F8A-0001 --dry-run', about: 'what would be given back' },
  ],
  load: (): Loading => import('./refund.ts'),
});

const chargeInvoice = command({
  path: 'invoices charge',
  summary: 'Charge an invoice now to the customer’s saved way to pay',
  description:
    'Whenever it would have been charged: after a card was declined for good, before its next try, or one that was sent to be paid by hand. The attempt is written down before Stripe is asked, and one that is under way is taken up, so that nobody is charged twice. ' +
    'Declined is exit code 4; where the customer must act, or the bank takes days, 7.',
  ...writing,
  exits: [3, 4, 7, 8],
  arguments: [invoice],
  options: [whose],
  examples: [
    { command: 'subctl invoices charge 7E0D7F8A-0001', about: 'try now' },
    { command: 'subctl invoices charge 7E0D7F8A-0001 --dry-run', about: 'how much it would be' },
  ],
  load: (): Loading => import('./charge.ts'),
});

const exportInvoices = command({
  path: 'invoices export',
  summary: 'Write the lines of invoices for the accounts',
  description:
    'One row a line, with what is said of its invoice; oldest first, streamed: take --format csv or ndjson.',
  ...common,
  options: [{ flag: '--customer', value: 'customer', about: 'only those of this customer' }, from, to],
  examples: [
    {
      command: 'subctl invoices export --from 2026-01-01 --format csv > invoices.csv',
      about: 'since January',
    },
    { command: 'subctl invoices export --customer ann --format ndjson', about: 'all of ann’s' },
  ],
  load: (): Loading => import('./export.ts'),
});

export type {
  chargeInvoice,
  exportInvoices,
  invoiceHistory,
  listInvoices,
  payInvoice,
  previewInvoice,
  refundInvoice,
  showInvoice,
  voidInvoice,
};

export const invoices = [
  listInvoices,
  showInvoice,
  previewInvoice,
  invoiceHistory,
  payInvoice,
  chargeInvoice,
  voidInvoice,
  refundInvoice,
  exportInvoices,
] as const;
