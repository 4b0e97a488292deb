import Big from 'big.js';

/** A bar of `width` signs, filled as far as `percent` says, never full below 100 and never empty above 0; nothing without a percentage. */
export function bar(percent: string | null, width = 10): string {
  if (percent === null) return '';
  const share = new Big(percent);
  const whole = [...Array(width).keys()].filter((n) =>
    share.gte(new Big(100).times(n + 1).div(width)),
  ).length;
  const filled = share.gt(0) ? Math.max(1, whole) : 0;
  return '█'.repeat(filled) + '░'.repeat(width - filled);
}
