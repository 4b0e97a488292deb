import { listCustomers as list } from '../../customers/list.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import { quoted } from '../command-line.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';
import { Option } from '@commander-js/extra-typings';
import { integer } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl customers list --plan pro --limit 20', 'the first 20 on plan pro'],
    ['subctl customers list --search example.org --json', 'customers with such an email address'],
  ],
  rows: 'list',
  asOf: true,
})
  .option('--search <text>', 'part of the id, name or email address')
  .option('--plan <plan>', 'only customers on this plan now')
  .addOption(
    new Option(
      '--status <status>',
      'only customers with this status now; none means no subscription',
    ).choices(['trialing', 'active', 'past_due', 'paused', 'canceled', 'expired', 'none']),
  )
  .addOption(new Option('--kind <kind>', 'only users or only groups').choices(['user', 'group']))
  .option('--after <customer>', 'only ids after this one, for the next page')
  .option('--limit <number>', 'maximum number of customers', integer({ min: 1, max: 1_000_000 }), 50);

/** Prints a page of customers. */
export async function run(context: Context, input: Options<typeof command>): Promise<RowsOutcome> {
  const rows = await list(await context.database(), { ...input, now: await context.now() });
  const more = rows.length === input.limit && rows.at(-1);
  return {
    columns: [
      { key: 'id' },
      { key: 'kind' },
      { key: 'name', optional: true },
      { key: 'plan' },
      { key: 'status' },
      { key: 'basis' },
      { key: 'access' },
      { key: 'email', optional: true },
      { key: 'timezone', optional: true },
      { key: 'created_at', hidden: true },
      { key: 'disabled_at', hidden: true },
    ],
    rows: rows.map((row) => ({ ...row })),
    footer: more ? [`Next page: subctl customers list --after ${quoted(more.id)}`] : [],
    empty: 'No customers',
  };
}
