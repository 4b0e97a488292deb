import type { Standing } from '../../usage/explained.ts';
import { type Entry, instant } from './explain-limit.ts';

/** The customer's plan version, its start and actor, and the billing period. */
export function standingEntries(standing: Standing, zone: string): Entry[] {
  const { plan, version, current_version, basis, segment, status } = standing;
  if (!plan) return [['plan', `none: ${status}`]];
  const today = current_version !== version ? `; new subscribers get version ${current_version}` : '';
  const why = {
    subscription: status,
    default: 'the default plan (R19)',
    fallback: 'the fallback plan',
    none: status,
  }[basis];
  const since = segment
    ? [
        `from ${instant(segment.from, zone)}`,
        segment.changed_at ? ` to ${instant(segment.changed_at, zone)} (${segment.changed_by})` : ' on',
        `: ${segment.cause}`,
        segment.actor ? ` by ${segment.actor}` : '',
        segment.reason ? `, ${segment.reason}` : '',
      ].join('')
    : undefined;
  const anchored = standing.anchor_timezone ?? zone;
  return [
    ['plan', `${plan} version ${version}, ${why}${today}`],
    ...(since ? [['in effect', since] as Entry] : []),
    [
      'period',
      `${instant(standing.period_start, anchored)} to ${instant(standing.period_end, anchored)}, every ${standing.every} from ${instant(standing.anchor, anchored)} (R2)`,
    ],
    ...(standing.reset && basis === 'subscription'
      ? [['usage reset', `${instant(standing.reset.at, zone)}: ${standing.reset.cause}`] as Entry]
      : []),
  ];
}
