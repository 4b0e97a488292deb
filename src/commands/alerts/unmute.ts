import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { setMuted } from './set-muted.ts';
import { type Options, verb } from '../verb.ts';
import { channelOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl alerts unmute ann limit', 'thresholds again'],
    ['subctl alerts unmute ann renewal --json', 'for a program'],
  ],
  exits: [3],
  rows: true,
  asOf: true,
  writes: true,
})
  .argument('<customer>', 'id of the customer')
  .argument('<kind>', 'what it is about: limit, credits, trial_ending, ending, renewal …')
  .addOption(channelOption);

/** Tells a customer of a kind again. */
export function run(
  context: Context,
  customer: string,
  kind: string,
  { channel }: Options<typeof command>,
): Promise<Outcome> {
  return setMuted(context, 'alerts unmute', { customer, kind, channel: channel ?? '', muted: false });
}
