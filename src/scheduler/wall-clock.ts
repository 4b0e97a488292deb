/**
 * Between the wall clock of a zone and instants. A wall time is a number like an instant's: the milliseconds since 1970 that the
 * clock on the wall would show if it had always run evenly.
 */
const clocks = new Map<string, Intl.DateTimeFormat>();
const day = 86_400_000;

/** What the clocks of `zone` show at `instant`. */
export function wallOf(instant: number, zone: string): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of clockOf(zone).formatToParts(instant)) parts[type] = Number(value);
  const { year = 0, month = 1, day: date = 1, hour = 0, minute = 0, second = 0 } = parts;
  const wall = new Date(0);
  wall.setUTCFullYear(year, month - 1, date);
  return wall.setUTCHours(hour, minute, second, ((instant % 1_000) + 1_000) % 1_000);
}

/**
 * The instant at which the clocks of `zone` first show `wall`. A time that they leap over is the end of the leap, be it half an hour,
 * over midnight (America/Nuuk) or a whole day (Pacific/Apia in 2011).
 */
export function instantOf(wall: number, zone: string): number {
  const [before, after] = [wall - day, wall + day].map((at) => wallOf(at, zone) - at) as [number, number];
  const early = wall - before;
  if (wallOf(early, zone) === wall) return early;
  const late = wall - after;
  return wallOf(late, zone) === wall ? late : leapBetween(late, early, zone);
}

/** The instant in `(low, high]` from which the zone's new offset holds. */
function leapBetween(low: number, high: number, zone: string): number {
  const offset = wallOf(low, zone) - low;
  while (high - low > 1_000) {
    const middle = low + Math.floor((high - low) / 2_000) * 1_000;
    if (wallOf(middle, zone) - middle === offset) low = middle;
    else high = middle;
  }
  return high;
}

function clockOf(zone: string): Intl.DateTimeFormat {
  let clock = clocks.get(zone);
  if (!clock) {
    clock = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    clocks.set(zone, clock);
  }
  return clock;
}
