import Big from 'big.js';

const steps = '▁▂▃▄▅▆▇█';

/** One sign a value, its height a share of the greatest: the lowest is 0 (or less), `·` a value that is not known. */
export function sparkline(values: readonly (string | null)[]): string {
  const amounts = values.map((value) => (value === null ? null : new Big(value)));
  const most = amounts.reduce<Big>((top, each) => (each?.gt(top) ? each : top), new Big(0));
  return amounts.map((each) => (each === null ? '·' : steps[heightOf(each, most)]!)).join('');
}

/** The nearest of the eight heights; never the lowest for what is more than nothing. */
function heightOf(value: Big, most: Big): number {
  if (value.lte(0)) return 0;
  const reached = [...steps].filter((_, step) => value.times(14).gte(most.times(2 * step - 1))).length - 1;
  return Math.max(1, reached);
}
