import { expect, it } from 'vitest';
import { barsOf } from '../../src/terminal/bar.ts';
import { sparkline } from '../../src/terminal/sparkline.ts';

it.each([
  [['0', '1', '2', '3', '4', '5', '6', '7'], '▁▂▃▄▅▆▇█', 'one height a value'],
  [['0', '0.000001', '1000000'], '▁▂█', 'what is more than nothing is seen'],
  [['0', '0'], '▁▁', 'nothing at all'],
  [['-3', '4'], '▁█', 'less than nothing is nothing'],
  [['5', null, '5'], '█·█', 'what is not known is no height'],
  [[], '', 'no values'],
])('sparkline of %j is %s: %s', (values, line, _why) => expect(sparkline(values)).toBe(line));

it('bars are shares of the greatest', () =>
  expect(barsOf(['1', '4', null, '0'], 4)).toEqual(['█░░░', '████', '', '░░░░']));

it('there are no bars of nothing', () => expect(barsOf(['0', '0'], 4)).toEqual(['', '']));
