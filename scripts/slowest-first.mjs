// The order of test files: those that take longest first, so that no worker is left with one of them at the end. A fresh clone has no times of
// an earlier run, from which vitest would know it.
import { BaseSequencer } from 'vitest/node';

/** The files that take more than 15 seconds on two quiet cores, the longest first; the order of the rest is vitest's. */
const slowest = [
  'crash/crash',
  'simulator/simulator',
  'commands/examples',
  'integrity/clean',
  'scheduler/install/cron-daemon',
  'daemon/chaos',
  'integrity/faults',
  'integrity/busy',
  'commands/currency-digits',
  'daemon/memory',
  'stories/split-run',
  'daemon/process',
  'billing/lives',
  'integrity/repair',
  'database/embedded/people',
  'daemon/replaced',
];

/** Where a file stands in the list; behind it for all others. */
export function placeOf(file) {
  const at = slowest.findIndex((name) => file.replaceAll('\\', '/').endsWith(`/test/${name}.test.ts`));
  return at < 0 ? slowest.length : at;
}

export class SlowestFirst extends BaseSequencer {
  async sort(files) {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => placeOf(a.moduleId) - placeOf(b.moduleId));
  }
}

export const slowestFiles = slowest.map((name) => `test/${name}.test.ts`);
