import { seatsWord } from '../../subscriptions/seats.ts';
import { showSubscription as show } from '../../subscriptions/show.ts';
import type { RecordOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl subscriptions show ann', 'show the subscription of ann'],
    ['subctl subscriptions show ann --json', 'as JSON'],
  ],
  exits: [3],
  rows: true,
  asOf: true,
  parts: ['segments'],
})
  .description(
    'Shows the newest subscription. The status is computed from its dates, so it is current even if ' +
      'a task has not run.',
  )
  .argument('<customer>', 'id of the customer');

/** Prints a customer's subscription. */
export async function run(context: Context, customer: string): Promise<RecordOutcome> {
  const record = await show(await context.database(), { customer, now: await context.now() });
  const { segments, effective, pending, ...head } = record;
  const price =
    head.price === null
      ? head.collection
      : `${head.price} ${head.currency ?? ''} per ${head.every}, ${head.collection}`;
  const now =
    effective.basis === 'subscription'
      ? effective.status
      : `${effective.basis}${effective.plan ? `: ${effective.plan}` : ''}`;
  const entries: [string, unknown][] = [
    ['plan', `${head.plan} version ${head.version}`],
    ['price', price],
    ['seats', seatsWord(head)],
    ['status', head.status],
    ['now', `${now}${effective.access ? '' : `, no access: ${effective.reason?.replaceAll('_', ' ')}`}`],
    ['period from', head.period_start],
    ['period to', head.period_end],
    ['renews', head.renews],
    ['term until', head.ends_at],
    [
      'then',
      pending && `${pending.plan} per ${pending.every}, ${pending.price ?? '0'}, from ${String(pending.at)}`,
    ],
    ['anchor', head.anchor],
    ['anchor time zone', head.anchor_timezone],
    ['trial until', head.trial_end],
    ['canceled', head.canceled_at],
    ['ended', head.ended_at],
    ['past due since', head.past_due_since],
    ['grace until', head.grace_until],
    ['assigned by', head.assigned_by],
    ['note', head.note],
    ['id', head.subscription],
  ];
  const columns = ['from_at', 'cause', 'status', 'plan', 'version', 'every', 'reason', 'actor'].map(
    (key) => ({ key }),
  );
  return {
    record: { ...record },
    title: customer,
    timezone: head.anchor_timezone,
    sections: [
      { entries: entries.filter(([, value]) => value !== null) },
      { title: 'Segments', columns, rows: segments.map((segment) => ({ ...segment })) },
    ],
  };
}
