import { describe, expect, it, test } from 'vitest';
import { writeHtml } from '../../src/terminal/formats/html.ts';
import { writeMarkdown } from '../../src/terminal/formats/markdown.ts';
import { drawTable, writeTable } from '../../src/terminal/formats/table.ts';
import { print } from '../../src/terminal/print.ts';
import { screen, terminalOf } from '../support/screen.ts';

const columns = [{ key: 'id' }, { key: 'text' }, { key: 'n', align: 'right' as const }];
const options = { header: true, width: 40, colours: 0 as const };

/** Rows that say how many were taken, and a sink that says how many had been taken at each of its writes. */
function counted(total: number) {
  const taken = { rows: 0, most: 0, last: 0, length: 0 };
  async function* rows() {
    for (; taken.rows < total; taken.rows++)
      yield await Promise.resolve({ id: `c${taken.rows}`, text: 'a b', n: '1' });
  }
  const sink = {
    closed: false,
    write(text: string) {
      taken.most = Math.max(taken.most, taken.rows - taken.last);
      [taken.last, taken.length] = [taken.rows, taken.length + text.length];
      return Promise.resolve();
    },
    commit: () => Promise.resolve(),
    abandon: () => Promise.resolve(),
  };
  return { taken, rows: rows(), sink };
}

describe('H7: every format for people is written as its rows come', () => {
  it.each(['table', 'markdown', 'html'])(
    '%s keeps no more than a thousand rows, of 20,000',
    async (format) => {
      const { taken, rows, sink } = counted(20_000);
      if (format === 'table') await writeTable(sink, { columns, rows }, options);
      else if (format === 'markdown') await writeMarkdown(sink, { columns, rows });
      else await writeHtml(sink, [{ columns, rows }]);
      expect(taken.rows).toBe(20_000);
      expect(taken.most).toBeLessThanOrEqual(1_000);
      expect(taken.length).toBeGreaterThan(20_000 * 10);
    },
  );

  it('a table stops where nobody reads any more', async () => {
    const { taken, rows, sink } = counted(20_000);
    const closing = { write: sink.write, get closed() { return taken.length > 0; } }; // prettier-ignore
    await writeTable(closing, { columns, rows }, options);
    expect(taken.rows).toBeLessThanOrEqual(1_001);
  });
});

test('H7: widths come from the first thousand rows; later cells fold, and numbers are never cut', async () => {
  const rows = Array.from({ length: 1_002 }, (_, n) => ({ id: `c${n}`, text: 'short', n: '1' }));
  rows[1_001] = { id: 'last', text: 'much longer than those before', n: '123456.789' };
  const { text } = await drawTable({ columns, rows }, options);
  expect(text).toContain('\nc1000  short  1\n');
  expect(text.split('\n').slice(-8)).toEqual([
    'last  much   123456.789',
    '      longe',
    '      r',
    '      than',
    '      those',
    '      befor',
    '      e',
    '',
  ]);
});

test('H7: more rows than a table is for are shown, with a note that names a better format', async () => {
  const shown = screen();
  const rows = Array.from({ length: 1_001 }, (_, n) => ({ id: `c${n}` }));
  const plain = { header: true, csvGuard: true, quiet: false } as const;
  await print({ columns: [{ key: 'id' }], rows }, terminalOf(shown), { ...plain, format: 'table' });
  expect(shown.out().split('\n')).toHaveLength(1_003);
  expect(shown.err()).toBe('1001 rows are many for a table: --format csv has them one a line\n');
});

test('H5: rows beyond what a call takes as arguments are drawn', async () => {
  const rows = Array.from({ length: 200_000 }, () => ({ id: 'x' }));
  const { text } = await drawTable({ columns: [{ key: 'id' }], rows }, options);
  expect(text.length).toBe('id\n'.length + 200_000 * 'x\n'.length);
});
