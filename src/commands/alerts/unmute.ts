import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { setMuted } from './set-muted.ts';
import { type Options, verb } from '../verb.ts';
import { channelOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl alerts unmute ann limit', 'send limit alerts again'],
    ['subctl alerts unmute ann renewal --json', 'as JSON'],
  ],
  exits: [3],
  rows: true,
  asOf: true,
  writes: true,
})
  .argument('<customer>', 'id of the customer')
  .argument('<kind>', 'notification kind: limit, credits, trial_ending, ending, renewal …')
  .addOption(channelOption);

/** Unmutes a notification kind for a customer. */
export function run(
  context: Context,
  customer: string,
  kind: string,
  { channel }: Options<typeof command>,
): Promise<Outcome> {
  return setMuted(context, 'alerts unmute', { customer, kind, channel: channel ?? '', muted: false });
}
