import type { Repaired } from '../../integrity/repair.ts';
import type { CheckResult, Finding } from '../../integrity/run-checks.ts';
import type { HealthResult } from '../../integrity/run-health-checks.ts';

/** One health or integrity check, as doctor prints it. `count` is the number of rows, `rows` the first of them. */
export interface Line {
  check: string;
  state: 'ok' | 'found' | 'repaired' | 'would be repaired';
  found: string[];
  count: number;
  hint: string | null;
  rows: Finding[];
}

const shown = 3;
const cannot =
  'this is source data and cannot be rebuilt: do not change the database, and report it unless you know the cause';

export function linesOfHealth(examined: readonly HealthResult[]): Line[] {
  return examined.map(({ check, found, hint }) => ({
    ...{ check, state: found.length === 0 ? 'ok' : 'found', found, count: found.length, hint, rows: [] },
  })) as Line[];
}

export function linesOfIntegrity(results: readonly CheckResult[]): Line[] {
  return results.map((one) =>
    lineOf(one, 'found', one.repairable ? 'subctl doctor --repair rebuilds what can be derived' : cannot),
  );
}

/** Findings that remain after a repair cannot be repaired. `rehearsed`: nothing was written. */
export function linesOfRepair({ before, after }: Repaired, rehearsed: boolean): Line[] {
  return before.map((one, at) => {
    const left = after[at]!;
    if (one.count > 0 && left.count === 0)
      return lineOf(one, rehearsed ? 'would be repaired' : 'repaired', 'subctl doctor --repair');
    return lineOf(left, 'found', cannot);
  });
}

function lineOf({ check, asserts, count, sample }: CheckResult, state: Line['state'], hint: string): Line {
  if (count === 0) return { check: `books: ${check}`, state: 'ok', found: [], count, hint: null, rows: [] };
  const sentences = sample.slice(0, shown).map(sentenceOf);
  const more = count > sentences.length ? [`and ${count - sentences.length} more`] : [];
  return {
    ...{ check: `books: ${check}`, state, found: [...sentences, ...more], count },
    ...{ hint: state === 'found' ? `${asserts}; ${hint}` : hint, rows: sample },
  };
}

/** `ann, left of grant spring: 3 expected, 4 found` */
function sentenceOf({ customer, what, expected, found }: Finding): string {
  return `${customer === '' ? '' : `${customer}, `}${what}: ${expected} expected, ${found} found`;
}
