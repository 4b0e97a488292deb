import { Failure } from '../../domain/failure.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import { agree, askFor } from '../ask.ts';
import type { Context } from '../context.ts';
import { outcomeOf } from './outcome-of.ts';
import { termsOf } from './terms.ts';
import { type Options, verb } from '../verb.ts';
import { Option } from '@commander-js/extra-typings';
import { instantAhead, integer, interval, or } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl assign ann pro', 'subscribe ann to pro now'],
    ['subctl assign ann pro --every 1y --dry-run', 'preview the yearly invoice, line by line'],
    ['subctl assign ann free --when 2027-01-01 --dry-run', 'preview a change to free on that date'],
    ['subctl assign free --all-without-plan', 'assign free to every customer without a plan'],
    ['subctl assign --from-file plans.csv --rejects bad.csv', 'assign plans from a file'],
  ],
  exits: [3, 4, 7, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'A first subscription starts now. An upgrade starts now, a downgrade at the end of the period. ' +
      'Options without a change of plan edit the subscription.\n\n' +
      'Plans are ordered by rank, then by price per day; complimentary counts as 0. An upgrade starts ' +
      'a full period and resets paid usage, once per period. The unused days of the old price are ' +
      'deducted from the invoice; credit above the charge lapses, and its line item says so. --when ' +
      'with a time cuts the current period there, and the new plan starts a full one. Assigning the ' +
      'current plan cancels a pending change. --ends, --auto-renew, --collection and --note edit the ' +
      'subscription without a new period or invoice.\n\n' +
      'Proration by days counts local dates. days-and-usage also multiplies by the share left on the ' +
      'proration meter of the plan. The total is rounded once. With collection by invoice, the plan ' +
      'starts when the invoice is issued; if it is not paid in time, the subscription becomes past ' +
      'due. With --collection charge, the saved payment method is charged first. If it is declined, ' +
      'nothing changes; if the customer must act, the plan starts after that. A dry run shows the line ' +
      'items; pass its effective_at as --as-of to bill exactly the same.\n\n' +
      'For many customers, give a file with the columns customer, plan, every and note, or ' +
      '--all-without-plan. On a terminal, it prompts for a missing customer or plan.',
  )
  .argument('[customer]', 'id of the customer; with --all-without-plan, the plan')
  .argument('[plan]', 'id of the plan')
  .option('--every <interval>', 'billing interval; the plan needs a price for it', interval)
  .option('--currency <code>', "currency of the price (default: the customer's)")
  .addOption(
    new Option('--collection <how>', 'how it is paid (default: by invoice, if there is a price)').choices([
      'free',
      'complimentary',
      'invoice',
      'charge',
      'stripe',
    ]),
  )
  .option(
    '--when <when>',
    'when a change starts; upgrades start now and downgrades at period-end by default',
    or(instantAhead, 'now', 'period-end'),
  )
  .addOption(
    new Option(
      '--anchor <what>',
      'whether an upgrade starts a full period (reset), or keeps the period and its usage (keep)',
    ).choices(['reset', 'keep']),
  )
  .addOption(
    new Option('--proration <how>', 'how the rest of the old period is prorated (default: days)').choices([
      'days',
      'days-and-usage',
      'seconds',
      'none',
    ]),
  )
  .option(
    '--trial-days <days>',
    "length of the trial instead of the plan's; once per customer",
    integer({ min: 1, max: 3650 }),
  )
  .option('--no-trial', 'start without a trial')
  .option('--auto-renew', 'turn on renewal, and remove an end date')
  .option('--no-auto-renew', 'end with the current period')
  .option('--ends <time>', 'end at this time and renew until then; also for the current plan', instantAhead)
  .option('--buyer <member>', 'the group admin who makes this purchase')
  .option(
    '--seats <number>',
    'number of seats of a per-seat plan (default: one per member)',
    integer({ min: 1, max: 1_000_000 }),
  )
  .option('--discount <code>', 'discount code for this invoice')
  .option('--note <text>', 'note stored with the subscription')
  .option(
    '--all-without-plan',
    'every customer without a live subscription gets the plan (default: the default plan)',
    false,
  )
  .option('--from-file <file>', 'CSV with customer, plan, every, note; - for standard input')
  .option('--rejects <file>', 'write rejected rows to this CSV file, with line and reason');

type Input = { customer: string | undefined; plan: string | undefined } & Options<typeof command>;

/** Assigns a plan to one customer or many; prompts for missing arguments. */
export async function run(
  context: Context,
  customer: string | undefined,
  plan: string | undefined,
  options: Options<typeof command>,
): Promise<Outcome> {
  const input = { customer, plan, ...options };
  const { allWithoutPlan, fromFile } = input;
  if (allWithoutPlan && fromFile !== undefined)
    throw new Failure('usage', 'Either --all-without-plan or --from-file');
  if (allWithoutPlan || fromFile !== undefined) {
    const { assignAll, assignFrom } = await import('./many.ts');
    return allWithoutPlan ? assignAll(context, input) : assignFrom(context, input);
  }
  if (customer !== undefined && plan !== undefined) return assignOne(context, { ...input, customer, plan });
  termsOf(input); // conflicting options are refused before any prompt
  const missing = customer === undefined ? 'customer' : 'plan';
  const prompts = await askFor(context, missing, `subctl assign ${customer ?? 'CUSTOMER'} PLAN`);
  const { askAssignment } = await import('./ask.ts');
  return agree(context, await askAssignment(context, prompts, input), assignOne);
}

async function assignOne(
  context: Context,
  input: Input & { customer: string; plan: string },
): Promise<Outcome> {
  const { customer, plan } = input;
  const terms = termsOf(input);
  const { assignAtStripe } = await import('./at-stripe.ts');
  const owned = await assignAtStripe(context, { customer, plan, ...terms });
  if (owned) return owned;
  const { buy } = await import('./buy.ts');
  const done = await buy(context, { customer, plan, ...terms });
  const { sentence, ...record } = done;
  context.note(`${sentence}${context.dryRun ? ' (dry run: nothing was changed)' : ''}`);
  return outcomeOf(record);
}
