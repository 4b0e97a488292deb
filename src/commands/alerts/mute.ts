import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { OutboxSpecs } from './outbox-spec.ts';
import { setMuted } from './set-muted.ts';

/** Tells a customer nothing of a kind. */
export function run(context: Context, { channel, ...which }: InputOf<OutboxSpecs['mute']>): Promise<Outcome> {
  return setMuted(context, 'alerts mute', { ...which, channel: channel ?? '', muted: true });
}
