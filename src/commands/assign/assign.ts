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
    ['subctl assign ann pro', 'ann has pro from now on'],
    ['subctl assign ann pro --every 1y --dry-run', 'what yearly would come to, line by line'],
    ['subctl assign ann free --when 2027-01-01 --dry-run', 'what it would be if ann had free from then on'],
    ['subctl assign free --all-without-plan', 'plan free for everybody who has none'],
    ['subctl assign --from-file plans.csv --rejects bad.csv', 'as a file says'],
  ],
  exits: [3, 4, 7, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'A first subscription begins now. A change to a higher plan begins now, a change to a lower one ' +
      'at the end of the period. Options without a change of plan edit the subscription.\n\n' +
      'Higher is by rank, else by price per day, where complimentary counts as 0. An upgrade begins a ' +
      'full period and resets paid usage, once in a period; the unused days of the old price are taken ' +
      'off the invoice, down to nothing: a credit above the charge lapses, and its line says so. With ' +
      '--when and a time the running period is cut there, and the new plan begins a whole one. ' +
      'Assigning the plan that the customer has cancels a change that waits; --ends, --auto-renew, ' +
      '--collection and --note edit the subscription without a new period or invoice.\n\n' +
      'Days are differences of local dates; days-and-usage multiplies by what is left on the plan’s ' +
      'proration meter. The total is rounded once. With collection by invoice the plan starts when the ' +
      'invoice is issued; unpaid in time, the subscription is past due. With --collection charge the ' +
      'saved payment method is charged first: if it is declined nothing changes; if the customer must ' +
      'act, the plan begins when that is done. A dry run shows the lines; its effective_at, given as ' +
      '--as-of, bills exactly that.\n\n' +
      'Many at once: a file with the columns customer, plan, every and note, or everybody without a ' +
      'live subscription. Without a customer or plan it asks, on a terminal.',
  )
  .argument('[customer]', 'id of the customer; with --all-without-plan the plan')
  .argument('[plan]', 'id of the plan')
  .option('--every <interval>', 'the length of a period: one that the plan has a price for', interval)
  .option('--currency <code>', 'of the price; that of the customer unless said')
  .addOption(
    new Option('--collection <how>', 'how it is paid: by invoice where there is a price').choices([
      'free',
      'complimentary',
      'invoice',
      'charge',
      'stripe',
    ]),
  )
  .option(
    '--when <when>',
    'when a change begins: up now, down at the period’s end, or at a time to come',
    or(instantAhead, 'now', 'period-end'),
  )
  .addOption(
    new Option(
      '--anchor <what>',
      'an upgrade begins a full period (reset), or the period goes on with what was used (keep)',
    ).choices(['reset', 'keep']),
  )
  .addOption(
    new Option('--proration <how>', 'how what is left of the old period is counted (days)').choices([
      'days',
      'days-and-usage',
      'seconds',
      'none',
    ]),
  )
  .option(
    '--trial-days <days>',
    'another trial than the plan’s; once per customer',
    integer({ min: 1, max: 3650 }),
  )
  .option('--no-trial', 'no trial')
  .option('--auto-renew', 'it renews, also where it had an end or did not renew')
  .option('--no-auto-renew', 'it ends with its period')
  .option('--ends <time>', 'it ends at this time; until then it renews, also the present plan', instantAhead)
  .option('--buyer <member>', 'the admin of a group who buys for it, once')
  .option(
    '--seats <number>',
    'of a plan that is sold by the seat (one for each member)',
    integer({ min: 1, max: 1_000_000 }),
  )
  .option('--discount <code>', 'a code that lowers what is asked for now')
  .option('--note <text>', 'kept with the subscription')
  .option('--all-without-plan', 'everybody without a live subscription; the default plan unless said', false)
  .option('--from-file <file>', 'CSV with customer, plan, every, note; - is standard input')
  .option(
    '--rejects <file>',
    'write rejected rows here as CSV, with line and reason; give it again when mended',
  );

type Input = { customer: string | undefined; plan: string | undefined } & Options<typeof command>;

/** Gives one customer or many a plan, or asks. */
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
  termsOf(input); // what does not fit together is refused before anything is asked
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
