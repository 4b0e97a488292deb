import { expect, it } from 'vitest';
import { filesIn, findIn } from './sources.ts';

/** The three that have a clock (DESIGN §2.4): what is below them is given its time. */
const mayLook = /^src\/(commands\/context\.ts|daemon\/|library\/)/;
/** Files that may look because the time is not the business's, each with its reason. */
const reasons: Record<string, string> = {
  'src/tasks/pages.ts': 'how long a page held its locks decides how large the next one is',
  'src/tasks/work.ts': 'how long a page held its locks decides how large the next one is',
};

const clock =
  /\bDate\.now\(|\bnew Date\(\s*\)|(?<![\w.])Date\(\)|\bperformance\.now\(|\bprocess\.hrtime\b|\bTemporal\.Now\b/;

it('no code below context, daemon and library looks at the clock', () => {
  const files = filesIn('src', '.ts').filter((file) => !mayLook.test(file) && !reasons[file]);
  expect(
    files.flatMap((file) => findIn(file, clock)),
    'Time is an argument: take `now: Date` from the caller, or tests and --as-of cannot reach this code',
  ).toEqual([]);
});

it('every reason is still needed', () => {
  expect(
    Object.keys(reasons).filter(
      (file) => !filesIn('src', '.ts').includes(file) || findIn(file, clock).length === 0,
    ),
  ).toEqual([]);
});

it('no SQL function reads the clock, but for leases and the names of ids', () => {
  const wrong = filesIn('drizzle/engine', '.sql').flatMap((file) =>
    findIn(file, /(?<!--.*)\b(now\(\)|current_timestamp|current_date|localtimestamp)/i),
  );
  expect(wrong, 'An instant is an argument of the function').toEqual([]);
});
