import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { OutboxSpecs } from './outbox-spec.ts';
import { setMuted } from './set-muted.ts';

/** Tells a customer of a kind again. */
export function run(
  context: Context,
  { channel, ...which }: InputOf<OutboxSpecs['unmute']>,
): Promise<Outcome> {
  return setMuted(context, 'alerts unmute', { ...which, channel: channel ?? '', muted: false });
}
