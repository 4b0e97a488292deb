import { Failure } from './failure.ts';

const seconds = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 } as const;

/**
 * Reads an exact length of time (`45s`, `90m`, `36h`, `7d`, `2w`) as a whole number of seconds. A day is 24 hours here;
 * calendar lengths are intervals.
 * @throws Failure usage for zero, fractions, other units and anything over ten years
 */
export function parseDuration(text: string, name = 'duration'): number {
  const parts = /^(\d{1,9})([smhdw])$/.exec(text.trim());
  if (!parts) throw refused(name, text, 'is not a length of time');
  const total = Number(parts[1]) * seconds[parts[2] as keyof typeof seconds];
  if (total === 0) throw refused(name, text, 'is empty');
  if (total > 3_660 * 86_400) throw refused(name, text, 'is longer than ten years');
  return total;
}

/** The shortest spelling of a number of seconds: 5400 is `90m`, 86400 is `1d`. */
export function formatDuration(totalSeconds: number): string {
  for (const unit of ['d', 'h', 'm'] as const) {
    if (totalSeconds > 0 && totalSeconds % seconds[unit] === 0)
      return `${totalSeconds / seconds[unit]}${unit}`;
  }
  return `${totalSeconds}s`;
}

function refused(name: string, text: string, why: string): Failure {
  return new Failure('usage', `The ${name} '${text}' ${why}`, {
    hint: 'Give a whole number and a unit (s, m, h, d, w): 45s, 90m, 36h or 7d',
  });
}
