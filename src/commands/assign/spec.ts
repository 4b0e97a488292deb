import { type Loading, command } from '../command.ts';

export const assign = command({
  path: 'assign',
  summary: 'Give a customer a plan: begin, upgrade, downgrade',
  description:
    'A first subscription begins now, with the plan’s trial if it has one. A higher plan (by rank, else by price per day, where complimentary is 0) begins now with a full period, paid usage counts anew, and the unused days of the old price are taken off the invoice, down to nothing: what is worth more than the charge lapses, and its line says so. ' +
    'A lower one waits for the period’s end. With --when and a time the period that runs then ends there and the new plan’s begins, whole, less the unused days of a period that was asked for. The plan that the customer has already takes back what waits, and options beside it (--ends, --auto-renew, --collection, --note) edit the subscription: no new period, no invoice. Usage is counted anew once in a period, so that going up and down gains nothing.\n\n' +
    'Days are differences of local dates; days-and-usage multiplies with what is left on the plan’s proration meter. The bill is rounded once. With collection by invoice the plan stands when the invoice is issued; if it is not paid in time the subscription is past due. With --collection charge the saved way to pay is charged first: declined, everything is as it was; where the customer must act, the plan begins when that is done. ' +
    'A dry run shows the lines; its effective_at, given as --as-of, bills exactly that.\n\n' +
    'Many at once: a file with the columns customer, plan, every and note, or everybody who has no live subscription. Where the customer or the plan is missing, on a terminal, it asks.',
  group: 'sell',
  arguments: [
    { name: 'customer', about: 'id of the customer; with --all-without-plan the plan', optional: true },
    { name: 'plan', about: 'id of the plan', optional: true },
  ],
  options: [
    {
      flag: '--every',
      value: 'interval',
      kind: 'interval',
      about: 'the length of a period: one that the plan has a price for',
    },
    { flag: '--currency', value: 'code', about: 'of the price; that of the customer unless said' },
    {
      flag: '--collection',
      value: 'how',
      kind: 'choice',
      choices: ['free', 'complimentary', 'invoice', 'charge', 'stripe'],
      about: 'how it is paid: by invoice where there is a price',
    },
    {
      flag: '--when',
      value: 'when',
      kind: 'instant',
      or: ['now', 'period-end'],
      about: 'when a change begins: up now, down at the period’s end, or at a time to come',
    },
    {
      flag: '--anchor',
      value: 'what',
      kind: 'choice',
      choices: ['reset', 'keep'],
      about: 'an upgrade begins a full period (reset), or the period goes on with what was used (keep)',
    },
    {
      flag: '--proration',
      value: 'how',
      kind: 'choice',
      choices: ['days', 'days-and-usage', 'seconds', 'none'],
      about: 'how what is left of the old period is counted (days)',
    },
    {
      flag: '--trial-days',
      value: 'days',
      kind: 'integer',
      min: 1,
      max: 3650,
      about: 'another trial than the plan’s; once per customer',
    },
    { flag: '--no-trial', about: 'no trial' },
    { flag: '--auto-renew', about: 'it renews, also where it had an end or did not renew' },
    { flag: '--no-auto-renew', about: 'it ends with its period' },
    {
      flag: '--ends',
      value: 'time',
      kind: 'instant',
      about: 'it ends at this time; until then it renews, also the present plan',
    },
    { flag: '--buyer', value: 'member', about: 'the admin of a group who buys for it, once' },
    {
      flag: '--seats',
      value: 'number',
      kind: 'integer',
      min: 1,
      max: 1_000_000,
      about: 'of a plan that is sold by the seat (one for each member)',
    },
    { flag: '--discount', value: 'code', about: 'a code that lowers what is asked for now' },
    { flag: '--note', value: 'text', about: 'kept with the subscription' },
    {
      flag: '--all-without-plan',
      about: 'everybody without a live subscription; the default plan unless said',
    },
    {
      flag: '--from-file',
      value: 'file',
      about: 'CSV with customer, plan, every, note; - is standard input',
    },
    {
      flag: '--rejects',
      value: 'file',
      about: 'write rejected rows here as CSV, with line and reason; give it again when mended',
    },
  ],
  examples: [
    { command: 'subctl assign ann pro', about: 'ann has pro from now on' },
    {
      command: 'subctl assign ann pro --every 1y --dry-run',
      about: 'what yearly would come to, line by line',
    },
    {
      command: 'subctl assign ann free --when 2027-01-01 --dry-run',
      about: 'what it would be if ann had free from then on',
    },
    { command: 'subctl assign free --all-without-plan', about: 'plan free for everybody who has none' },
    { command: 'subctl assign --from-file plans.csv --rejects bad.csv', about: 'as a file says' },
  ],
  exits: [3, 4, 7, 8],
  rows: true,
  asOf: true,
  writes: true,
  load: (): Loading => import('./assign.ts'),
});
