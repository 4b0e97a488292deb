import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { setMuted } from './set-muted.ts';
import { type Options, verb } from '../verb.ts';
import { channelOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl alerts mute ann limit', 'no more limit alerts'],
    ['subctl alerts mute ann renewal --channel email --reason "asked for it"', 'no renewal emails'],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
})
  .description('Essential notifications cannot be muted: payments, cards and keys.')
  .argument('<customer>', 'id of the customer')
  .argument('<kind>', 'notification kind: limit, credits, trial_ending, ending, renewal …')
  .addOption(channelOption);

/** Mutes a notification kind for a customer. */
export function run(
  context: Context,
  customer: string,
  kind: string,
  { channel }: Options<typeof command>,
): Promise<Outcome> {
  return setMuted(context, 'alerts mute', { customer, kind, channel: channel ?? '', muted: true });
}
