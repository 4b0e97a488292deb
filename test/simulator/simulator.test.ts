import { expect, inject, test } from 'vitest';
import { failedChecks } from '../integrity/failed-checks.ts';
import { selectViews } from '../integrity/plain-select.ts';
import { play } from './play.ts';
import { onStage } from './stage.ts';

const long = process.env['SUBCTL_LONG'] !== undefined;
const [seeds, steps] = long ? [300, 200] : [6, 90];
const first = 7001;
/** Worlds that found a fault once: an end, a change to an invoiced plan, and a grace that was over, that nobody had written. They play as far as that step. */
const kept: [number, number][] = [
  [313, 111],
  [405, 149],
  [9007, 119],
];

const { url, template, prefix } = inject('testServer');

test.each([...kept, ...Array.from({ length: seeds }, (_, n): [number, number] => [first + n, steps])])(
  'R16 R21 R45: what the database says of plans, periods, credits, limits and verdicts is what a naive model says, whatever is done: seed %i, %i steps',
  async (seed, steps) => {
    const found = await onStage(url, { template, name: `${prefix}_play_${seed}` }, async (sql) => {
      const { end } = await play(sql, seed, steps, { wide: !kept.some(([old]) => old === seed) });
      return [await failedChecks(sql, new Date(end)), await selectViews(sql)];
    });
    expect(found, 'doctor --deep and its views find nothing in a healthy database').toEqual([[], {}]);
  },
);
