import { Temporal } from 'temporal-polyfill';
import { anchoredPeriod, type Bounds } from '../database/window-oracle.ts';
import { Bills } from './bills.ts';
import { type Plan, stepOf } from './world.ts';
import type { Zones } from './zones.ts';

/** An end that nobody knows while a clock stands still; never is Infinity. */
export const open = Number.MAX_SAFE_INTEGER;

/** What a customer has from an instant on, until the next stretch. */
export interface Stretch {
  from: number;
  plan: Plan | null;
  status: string;
  access: boolean;
  reason: string | null;
  anchor: number;
  every: string;
  zone: string;
  /** the period that is written; without one it is counted from the anchor */
  period: Bounds | null;
  usageFrom: number;
}

/** The live subscription. */
export interface Head {
  plan: Plan;
  every: string;
  status: 'trialing' | 'active' | 'past_due' | 'paused';
  anchor: number;
  zone: string;
  start: number;
  end: number;
  usageFrom: number;
  autoRenew: boolean;
  cancels: boolean;
  pending: Plan | null;
  /** when it is taken; null is at the period's end */
  pendingAt: number | null;
  /** where the period that runs would have ended without it */
  cutFrom: number | null;
  /** its periods are asked for */
  billed: boolean;
  bills: Bills;
  /** of one that is past due: until when it has access, and how many periods began meanwhile */
  grace: number;
  missed: number;
  pause: { at: number; clock: 'stops' | 'runs'; until: number | null; trying: boolean } | null;
}

/** A customer's stretches in the order of time: what held at any instant, past ones too. */
export class Timeline {
  readonly stretches: Stretch[] = [];
  private readonly zones: Zones;

  constructor(zones: Zones) {
    this.zones = zones;
  }

  at(instant: number): Stretch {
    return this.stretches.findLast(({ from }) => from <= instant)!;
  }

  /** The billing period around an instant, and since when paid usage counts in it. */
  periodAt(instant: number): Bounds & { usageFrom: number } {
    const { period, anchor, every, zone, usageFrom, status } = this.at(instant);
    if (period && instant >= period.start && instant < period.end) return { ...period, usageFrom };
    const counted =
      status === 'none'
        ? this.unanchored(every, instant)
        : anchoredPeriod(anchor, stepOf(every), instant, zone);
    const start = status === 'none' ? counted.start : Math.max(counted.start, anchor);
    return { start, end: counted.end, usageFrom: Math.max(usageFrom, start) };
  }

  /** The periods of those who have no anchor of their own: counted from the beginning of 2000 in the zone that they live in. */
  unanchored(every: string, instant: number): Bounds {
    return this.zones.around(instant, (at, zone) =>
      anchoredPeriod(startOfDay('2000-01-01', zone), stepOf(every), at, zone),
    );
  }
}

/** So many days later on the wall clock of a zone. */
export function addDays(at: number, days: number, zone: string): number {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDateTime();
  return local.add({ days }).toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds;
}

export const startOfDay = (date: string, zone: string): number =>
  Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: zone }).epochMilliseconds;

/** Of a head that begins: nothing is to change, nothing is owed. */
export const nothingWaits = () => ({
  ...{ cancels: false, pending: null, pendingAt: null, cutFrom: null, pause: null },
  ...{ bills: new Bills(), grace: Infinity, missed: 0 },
});
