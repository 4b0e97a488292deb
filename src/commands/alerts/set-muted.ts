import { type Muting, muteNotifications } from '../../notifications/mute.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';

/** Mutes a kind of notice for a customer, or takes that back, and says whether that is new. */
export async function setMuted(context: Context, action: string, muting: Muting): Promise<Outcome> {
  const { customer, kind, channel, muted } = muting;
  const asked = { customer, kind, channel: channel || undefined };
  const { changed } = await write(context, { action, asked }, async (tx, change) => ({
    changed: await muteNotifications(tx, change, muting),
  }));
  return {
    record: { customer, kind, channel: channel || null, muted, changed, dry_run: context.dryRun },
    notes: changed ? [] : ['It stood so already: nothing was changed'],
  };
}
