import { Failure } from './failure.ts';
import { type Interval, formatInterval, parseInterval } from './intervals.ts';

const plainWindows = [
  'hour',
  'day',
  'week',
  'month',
  'year',
  'period',
  'term',
  'lifetime',
  'each',
  'session',
] as const;

/** The days that a week may start on; `week` alone starts on the first of them (R5). */
const weekDays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

export type PlainWindow = (typeof plainWindows)[number];

/** A window over which usage is counted. When it starts and ends is computed by SQL and nowhere else. */
export type Window =
  | { kind: PlainWindow }
  | { kind: 'week_from'; day: (typeof weekDays)[number] }
  | { kind: 'every'; interval: Interval }
  | { kind: 'rolling'; count: number; unit: 'h' | 'd' };

/**
 * Reads a window's word: `month`, `week_sunday`, `period`, `every_7d`, `rolling_24h`.
 * @throws Failure usage, also for a rolling window over 31 days
 */
export function parseWindow(text: string, name = 'window'): Window {
  const word = text.trim();
  if ((plainWindows as readonly string[]).includes(word)) return { kind: word as PlainWindow };
  const day = weekDays.find((each) => word === `week_${each}`);
  if (day) return { kind: 'week_from', day };
  if (word.startsWith('every_')) return { kind: 'every', interval: parseEvery(word, name) };
  const rolling = /^rolling_(\d{1,4})([hd])$/.exec(word);
  if (!rolling) throw refused(name, text, 'is not known');
  const [count, unit] = [Number(rolling[1]), rolling[2] as 'h' | 'd'];
  if (count === 0) throw refused(name, text, 'is empty');
  if (count > (unit === 'd' ? 31 : 744)) throw refused(name, text, 'is longer than 31 days');
  return { kind: 'rolling', count, unit };
}

/** The word of a window, as files, flags and the database spell it. */
export function formatWindow(window: Window): string {
  if (window.kind === 'every') return `every_${formatInterval(window.interval)}`;
  if (window.kind === 'rolling') return `rolling_${window.count}${window.unit}`;
  if (window.kind === 'week_from') return `week_${window.day}`;
  return window.kind;
}

function parseEvery(word: string, name: string): Interval {
  try {
    return parseInterval(word.slice('every_'.length));
  } catch (error) {
    throw error instanceof Failure ? refused(name, word, 'has an interval that is not known') : error;
  }
}

function refused(name: string, text: string, why: string): Failure {
  return new Failure('usage', `The ${name} '${text}' ${why}`, {
    hint: `Give ${plainWindows.join(', ')}, week_sunday (or another day), every_<interval> (every_1mo, every_7d) or rolling_<n>h|d (up to 31 days)`,
  });
}
