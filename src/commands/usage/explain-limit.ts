import Big from 'big.js';
import { groupDigits } from '../../domain/group-digits.ts';
import type { Section } from '../../terminal/outcome.ts';
import { showInstant } from '../../terminal/values.ts';
import type { ExplainedLimit, Standing } from '../../usage/explained.ts';

export type Entry = [label: string, value: unknown];

/** Formats the numbers of a sum with grouped digits. */
export const grouped = (sum: string): string => sum.replace(/\d+(\.\d+)?/g, groupDigits);

/** Formats an ISO time in a time zone; `forever` if there is none. */
export const instant = (at: string | null | undefined, zone: string | null, none = 'forever'): string =>
  at ? showInstant(new Date(at), zone ?? 'UTC') : none;

/** One limit in full: its source, its window, its usage, the sum that decided, and the rows. */
export function limitSection(limit: ExplainedLimit, standing: Standing): Section {
  const zone = limit.timezone ?? standing.timezone;
  const { meter, window, scope, subject } = limit;
  const entries: Entry[] = [
    ['sum', `${grouped(limit.sum)}: ${verdictOf(limit)} (${limit.rule})`],
    ['limit', sourceOf(limit, standing)],
    ['counts', windowOf(limit, zone)],
    ...cutOf(limit, standing, zone),
    ...(limit.uses === undefined ? [] : [['usage', usesOf(limit, zone)] as Entry]),
    ...(limit.refused ? [['refused', refusedOf(limit)] as Entry] : []),
    ...(limit.holds ?? []).map((hold): Entry => [
      'reserved',
      `${groupDigits(hold.amount)} by reservation ${hold.reservation} until ${instant(hold.expires_at, zone)}`,
    ]),
    ...sinceOf(limit, zone),
    ...limit.rows.map((row, at): Entry => [at === 0 ? 'rows' : '', row]),
  ];
  const named = subject ? `, ${subject}` : '';
  const who = scope === 'member' ? `, member ${subject ?? ''}` : named;
  return { title: `${meter} per ${window}${who}`, entries };
}

/** A table with one row per limit. */
export function limitsSection(limits: readonly ExplainedLimit[], title: string): Section {
  return {
    title,
    columns: [
      { key: 'meter' },
      { key: 'window' },
      { key: 'sum', show: (sum) => grouped(String(sum)) },
      { key: 'verdict', title: '' },
      { key: 'rule' },
      { key: 'source', optional: true },
    ],
    rows: limits.map((limit) => ({ ...limit, verdict: verdictOf(limit) })),
    empty: 'No limit applies.',
  };
}

function verdictOf(limit: ExplainedLimit): string {
  if (limit.limit === null) return limit.source === 'counted' ? 'counted only' : 'unlimited';
  if (limit.exceeded) return limit.limit === '0' ? 'not included' : 'exceeded';
  if (limit.rule === 'R12')
    return limit.enforcement === 'hard' ? 'beyond the limit' : `beyond a ${limit.enforcement} limit`;
  return 'fits';
}

function sourceOf(
  { source, limit, override, enforcement, ...price }: ExplainedLimit,
  { plan, version }: Standing,
): string {
  const amount = limit === null ? 'unlimited' : groupDigits(limit);
  if (source === 'counted') return `none: plan ${plan} version ${version} only counts usage`;
  if (source === 'plan') {
    const soft = enforcement === 'hard' ? '' : `, ${enforcement}`;
    const charged = price.overage_price ? ` at ${price.overage_price} per ${price.overage_per}` : '';
    return `${amount}${soft}${charged}, from plan ${plan} version ${version}`;
  }
  const own = override!;
  const until = own.ends_at ? ` to ${instant(own.ends_at, null)}` : '';
  return `${amount}, override from ${instant(own.starts_at, null)}${until} by ${own.actor} (${own.reason}); plan limit ${own.plan_limit ?? 'none'}`;
}

function windowOf(
  { window, window_rule, window_start, resets_at, counts_from }: ExplainedLimit,
  zone: string,
): string {
  if (window === 'each') return `this event only (${window_rule})`;
  if (window === 'session') return `this session only (${window_rule})`;
  if (window.startsWith('rolling'))
    return `after ${instant(window_start, zone)}${later(window_start, counts_from, zone)} until the event (${window_rule})`;
  return `from ${instant(window_start, zone, 'the first event')} to ${instant(resets_at, zone)} (${window_rule})`;
}

/** Why a calendar window starts in mid-month: a usage reset, or the start of the subscription or billing period. */
function cutOf({ reset, window, window_start }: ExplainedLimit, standing: Standing, zone: string): Entry[] {
  if (reset) return [['cut by', `a usage reset at ${instant(reset.at, zone)}: ${reset.cause}`]];
  const isCalendar = /^(hour|day|week|month|year)/.test(window);
  if (!isCalendar || window_start === null || window_start !== standing.usage_from) return [];
  return [
    [
      'cut by',
      window_start === standing.segment?.from
        ? 'the start of the subscription'
        : 'the start of the billing period',
    ],
  ];
}

/** Set if a reset happened inside the rolling window. */
function later(start: string | null, from: string | null, zone: string): string {
  return start && from && Date.parse(from) > Date.parse(start) + 1
    ? `, counted from ${instant(from, zone)}`
    : '';
}

function usesOf({ uses, first_use_at, last_use_at }: ExplainedLimit, zone: string): string {
  if (!uses) return 'no events';
  if (uses === 1) return `one event, at ${instant(first_use_at, zone)}`;
  return `${groupDigits(String(uses))} events from ${instant(first_use_at, zone)} to ${instant(last_use_at, zone)}`;
}

/** A rolling window has one count of refusals since the beginning. */
const refusedOf = ({ refused, window }: ExplainedLimit): string =>
  `${refused === 1 ? 'one event' : `${refused} events`} ${window.startsWith('rolling') ? 'so far' : 'in this window'}`;

function sinceOf({ now, late, alerts }: ExplainedLimit, zone: string): Entry[] {
  const entries: Entry[] = [];
  if (late) entries.push(['late', 'recorded after the window was closed, as an adjustment (R13)']);
  if (alerts?.length)
    entries.push(['alerts', `it reached ${alerts.map((each) => `${each} %`).join(', ')} (R39)`]);
  if (now?.closed_at)
    entries.push([
      'closed',
      `at ${instant(now.closed_at, zone)} with ${groupDigits(now.used)}${now.limit === null ? '' : ` of ${groupDigits(now.limit)}`}${now.adjusted === '0' ? '' : `, ${groupDigits(now.adjusted)} of it late`}`,
    ]);
  return entries;
}

/** Returns the limit with the highest percentage, if any. */
export function leastRoom(limits: readonly ExplainedLimit[]): ExplainedLimit[] {
  const full = (limit: ExplainedLimit) => new Big(limit.percent ?? -1);
  const limited = limits.filter(({ limit }) => limit !== null);
  limited.sort((a, b) => full(b).cmp(full(a)));
  return limited.slice(0, 1);
}
