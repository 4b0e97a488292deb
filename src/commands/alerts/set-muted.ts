import { type Muting, muteNotifications } from '../../notifications/mute.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';

/** Mutes or unmutes a notification kind for a customer, and prints whether that changed anything. */
export async function setMuted(context: Context, action: string, muting: Muting): Promise<Outcome> {
  const { customer, kind, channel, muted } = muting;
  const asked = { customer, kind, channel: channel || undefined };
  const { changed } = await write(context, { action, asked }, async (tx, change) => ({
    changed: await muteNotifications(tx, change, muting),
  }));
  return {
    record: { customer, kind, channel: channel || null, muted, changed, dry_run: context.dryRun },
    notes: changed ? [] : [`Nothing to do: ${kind} was ${muted ? '' : 'not '}muted before`],
  };
}
