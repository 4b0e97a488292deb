import { hasPings, pingUrlsOf } from '../../tasks/ping-urls.ts';
import type { Watcher } from '../../tasks/watcher.ts';
import type { Context } from '../context.ts';

/** Settings of every run: the length of its lease, and the ping URLs for its result. The process waits for the last ping. */
export async function runSettings(context: Context): Promise<{ leaseMs?: number; watcher?: Watcher }> {
  const { leaseMs, pings } = await context.settings();
  const lease = leaseMs === undefined ? {} : { leaseMs };
  const urls = pingUrlsOf(pings);
  if (!hasPings(urls)) return lease;
  const { startPings } = await import('../../tasks/pings.ts');
  return { ...lease, watcher: startPings(urls, { onProblem: (sentence) => context.note(sentence) }) };
}
