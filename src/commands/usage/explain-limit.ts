import Big from 'big.js';
import { groupDigits } from '../../domain/group-digits.ts';
import type { Section } from '../../terminal/outcome.ts';
import { showInstant } from '../../terminal/values.ts';
import type { ExplainedLimit, Standing } from '../../usage/explained.ts';

export type Entry = [label: string, value: unknown];

/** A sum with its numbers as people read them. */
export const grouped = (sum: string): string => sum.replace(/\d+(\.\d+)?/g, groupDigits);

/** An ISO instant as people read it, in a zone; `for ever` where there is none. */
export const instant = (at: string | null | undefined, zone: string | null, none = 'for ever'): string =>
  at ? showInstant(new Date(at), zone ?? 'UTC') : none;

/** One limit in full: where it comes from, its window and what cut it, what is in it, the sum that decided, the rows. */
export function limitSection(limit: ExplainedLimit, standing: Standing): Section {
  const zone = limit.timezone ?? standing.timezone;
  const { meter, window, scope, subject } = limit;
  const entries: Entry[] = [
    ['sum', `${grouped(limit.sum)}: ${verdictOf(limit)} (${limit.rule})`],
    ['limit', sourceOf(limit, standing)],
    ['counts', windowOf(limit, zone)],
    ...cutOf(limit, standing, zone),
    ...(limit.uses === undefined ? [] : [['in it', usesOf(limit, zone)] as Entry]),
    ...(limit.refused ? [['refused', refusedOf(limit)] as Entry] : []),
    ...(limit.holds ?? []).map((hold): Entry => [
      'held',
      `${groupDigits(hold.amount)} by reservation ${hold.reservation} until ${instant(hold.expires_at, zone)}`,
    ]),
    ...sinceOf(limit, zone),
    ...limit.rows.map((row, at): Entry => [at === 0 ? 'rows' : '', row]),
  ];
  const named = subject ? `, ${subject}` : '';
  const who = scope === 'member' ? `, member ${subject ?? ''}` : named;
  return { title: `${meter} per ${window}${who}`, entries };
}

/** Every limit in a line of a table. */
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
    empty: 'No limit took part.',
  };
}

function verdictOf(limit: ExplainedLimit): string {
  if (limit.limit === null) return limit.source === 'counted' ? 'counted only' : 'unlimited';
  if (limit.exceeded) return limit.limit === '0' ? 'not included' : 'does not fit';
  if (limit.rule === 'R12')
    return limit.enforcement === 'hard' ? 'beyond it' : `beyond a ${limit.enforcement} limit`;
  return 'fits';
}

function sourceOf(
  { source, limit, override, enforcement, ...price }: ExplainedLimit,
  { plan, version }: Standing,
): string {
  const amount = limit === null ? 'unlimited' : groupDigits(limit);
  if (source === 'counted') return `none: plan ${plan} version ${version} only counts it`;
  if (source === 'plan') {
    const soft = enforcement === 'hard' ? '' : `, ${enforcement}`;
    const charged = price.overage_price ? ` at ${price.overage_price} per ${price.overage_per}` : '';
    return `${amount}${soft}${charged}, of plan ${plan} version ${version}`;
  }
  const own = override!;
  const until = own.ends_at ? ` to ${instant(own.ends_at, null)}` : '';
  return `${amount}, the customer's own from ${instant(own.starts_at, null)}${until} by ${own.actor} (${own.reason}); the plan's is ${own.plan_limit ?? 'none'}`;
}

function windowOf(
  { window, window_rule, window_start, resets_at, counts_from }: ExplainedLimit,
  zone: string,
): string {
  if (window === 'each') return `this use alone (${window_rule})`;
  if (window === 'session') return `this session alone (${window_rule})`;
  if (window.startsWith('rolling'))
    return `after ${instant(window_start, zone)}${later(window_start, counts_from, zone)} until the use (${window_rule})`;
  return `from ${instant(window_start, zone, 'the first use')} to ${instant(resets_at, zone)} (${window_rule})`;
}

/** Why a window of the calendar begins in mid-month: usage was counted anew, or the subscription began. */
function cutOf({ reset, window, window_start }: ExplainedLimit, standing: Standing, zone: string): Entry[] {
  if (reset) return [['cut by', `the reset of usage at ${instant(reset.at, zone)}: ${reset.cause}`]];
  const isCalendar = /^(hour|day|week|month|year)/.test(window);
  if (!isCalendar || window_start === null || window_start !== standing.usage_from) return [];
  return [
    [
      'cut by',
      window_start === standing.segment?.from
        ? 'the subscription, which began then'
        : 'the billing period, which began then',
    ],
  ];
}

/** Where a reset is younger than the window is long. */
function later(start: string | null, from: string | null, zone: string): string {
  return start && from && Date.parse(from) > Date.parse(start) + 1
    ? `, of which from ${instant(from, zone)}`
    : '';
}

function usesOf({ uses, first_use_at, last_use_at }: ExplainedLimit, zone: string): string {
  if (!uses) return 'no uses';
  if (uses === 1) return `one use, at ${instant(first_use_at, zone)}`;
  return `${groupDigits(String(uses))} uses from ${instant(first_use_at, zone)} to ${instant(last_use_at, zone)}`;
}

/** A rolling window has one count of refusals for all time. */
const refusedOf = ({ refused, window }: ExplainedLimit): string =>
  `${refused === 1 ? 'one use' : `${refused} uses`} ${window.startsWith('rolling') ? 'so far' : 'in this window'}`;

function sinceOf({ now, late, alerts }: ExplainedLimit, zone: string): Entry[] {
  const entries: Entry[] = [];
  if (late) entries.push(['late', 'it came after the window was closed and is an adjustment to it (R13)']);
  if (alerts?.length)
    entries.push(['alerts', `it reached ${alerts.map((each) => `${each} %`).join(', ')} (R39)`]);
  if (now?.closed_at)
    entries.push([
      'closed',
      `at ${instant(now.closed_at, zone)} with ${groupDigits(now.used)}${now.limit === null ? '' : ` of ${groupDigits(now.limit)}`}${now.adjusted === '0' ? '' : `, ${groupDigits(now.adjusted)} of it late`}`,
    ]);
  return entries;
}

/** The limit that is fullest, if there is any. */
export function leastRoom(limits: readonly ExplainedLimit[]): ExplainedLimit[] {
  const full = (limit: ExplainedLimit) => new Big(limit.percent ?? -1);
  const limited = limits.filter(({ limit }) => limit !== null);
  limited.sort((a, b) => full(b).cmp(full(a)));
  return limited.slice(0, 1);
}
