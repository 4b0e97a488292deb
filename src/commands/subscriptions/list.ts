import { listSubscriptions as list } from '../../subscriptions/list.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import { quoted } from '../command-line.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';
import { choice, instant, integer, many } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl subscriptions list --plan pro --status past_due', 'past due subscriptions of the plan pro'],
    [
      'subctl subscriptions list --due-before 2026-02-01 --json',
      'subscriptions that end or renew before February',
    ],
  ],
  rows: 'list',
  asOf: true,
})
  .option('--plan <plan>', 'only this plan')
  .option(
    '--status <status>',
    'only subscriptions with this status',
    many(choice(['trialing', 'active', 'past_due', 'paused', 'canceled', 'expired'])),
    [],
  )
  .option('--due-before <time>', 'only subscriptions whose period ends before this time', instant)
  .option('--all', 'include ended subscriptions', false)
  .option('--after <customer>', 'only customers after this one, for the next page')
  .option('--limit <number>', 'maximum number of subscriptions', integer({ min: 1, max: 1_000_000 }), 50);

/** Prints a page of subscriptions. */
export async function run(context: Context, input: Options<typeof command>): Promise<RowsOutcome> {
  const { status: statuses, ...filter } = input;
  const rows = await list(await context.database(), { ...filter, statuses, now: await context.now() });
  const more = rows.length === input.limit && rows.at(-1);
  return {
    columns: [
      { key: 'customer' },
      { key: 'plan' },
      { key: 'version', align: 'right', optional: true },
      { key: 'status' },
      { key: 'every', optional: true },
      { key: 'price', align: 'right', optional: true },
      { key: 'currency', title: '', optional: true },
      { key: 'seats', align: 'right', optional: true, hidden: true },
      { key: 'pending_seats', hidden: true },
      { key: 'collection', optional: true },
      { key: 'period_start', hidden: true },
      { key: 'period_end' },
      { key: 'renews' },
      { key: 'pending_plan', optional: true },
      { key: 'assigned_by', hidden: true },
      { key: 'note', hidden: true },
      { key: 'started_at', hidden: true },
      { key: 'ended_at', hidden: true },
      { key: 'subscription', hidden: true },
    ],
    rows: rows.map((row) => ({ ...row })),
    footer: more ? [`Next page: subctl subscriptions list --after ${quoted(more.customer)}`] : [],
    empty: 'No subscriptions',
  };
}
