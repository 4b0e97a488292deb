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

/** A bar for each value, as long as its share of the greatest; nothing for one that is not known. */
export function barsOf(values: readonly (string | null)[], width = 20): string[] {
  const most = values.reduce<Big>(
    (top, value) => (value !== null && top.lt(value) ? new Big(value) : top),
    new Big(0),
  );
  return values.map((value) =>
    value === null || most.eq(0) ? '' : bar(new Big(value).times(100).div(most).toFixed(), width),
  );
}
