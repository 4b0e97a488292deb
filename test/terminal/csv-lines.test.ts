import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Format, print } from '../../src/terminal/print.ts';
import { screen, terminalOf } from '../support/screen.ts';

const keys = ['note', 'model', 'session'];
const columns = keys.map((key) => ({ key }));

async function printed(rows: Record<string, string>[], format: Format, csvGuard: boolean): Promise<string> {
  const shown = screen();
  await print({ columns, rows }, terminalOf(shown), { format, header: true, csvGuard, quiet: false });
  return shown.out();
}

/** A reader to which each kind of line break ends a record, as it does to most. */
const strictly = (text: string) => parse(text, { record_delimiter: ['\r\n', '\n', '\r'] }) as string[][];

const sign = fc.constantFrom(
  'a',
  '"',
  ',',
  '\n',
  '\r',
  '\r\n',
  '=',
  '+',
  '-',
  '@',
  '|',
  '%',
  '＝',
  '\t',
  ' ',
  '1',
  '\u2028',
);
const text = fc.array(sign, { maxLength: 8 }).map((signs) => signs.join(''));
const rows = fc.array(fc.record({ note: text, model: text, session: text }), { minLength: 1, maxLength: 4 });

describe('CSV', () => {
  it('B9: every text is read back as it was, with LF, CR and CRLF inside', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (given) => {
        const found = strictly(await printed(given, 'csv', false));
        expect(found).toEqual([keys, ...given.map((row) => keys.map((key) => row[key as 'note']))]);
      }),
    );
  });

  it('B9: no physical line and no cell begins with a formula sign, and apostrophes are all that was added', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (given) => {
        const out = await printed(given, 'csv', true);
        const cells = strictly(out).slice(1).flat();
        for (const line of cells.flatMap((cell) => cell.split(/[\r\n]/)))
          expect(line).toSatisfy((one: string) => !/^\s*[=+\-@|%＝]/.test(one) || /^-?\d+$/.test(one));
        for (const line of out.split(/[\r\n]/)) expect(line).not.toMatch(/^\s*"?[=+@|%＝]/);
        const bare = (cell: string) => cell.replaceAll("'", '');
        expect(cells.map(bare)).toEqual(given.flatMap((row) => keys.map((key) => row[key as 'note'])));
      }),
    );
  });

  it('B9: what follows a line break inside a cell is guarded', async () => {
    const out = await printed([{ note: 'multi\nline', model: 'x\n=1+1', session: 'y\r+1' }], 'csv', true);
    expect(out).toBe(`note,model,session\r\n"multi\nline","x\n'=1+1","y\r'+1"\r\n`);
  });
});

describe('H13: TSV', () => {
  const formulas = ['=', '+', '-', '@', '|', '%', '＝', '＋', '－', '＠', '\t', '\r', ' =', '\u00a0+'];
  const names = formulas.flatMap((one) => [`${one}cmd|' /C calc'!A0`, `${one}1+1`, `${one}SUM(1)`]);

  it('is guarded as CSV is: 42 names', async () => {
    const given = names.map((name) => ({ note: name, model: '-5.00', session: 'x' }));
    const [, ...lines] = (await printed(given, 'tsv', true)).trimEnd().split('\n');
    expect(lines).toHaveLength(42);
    for (const line of lines) expect(line).toMatch(/^'.*\t-5\.00\tx$/);
  });

  it('--no-csv-guard frees both', async () => {
    const given = [{ note: '=1+1', model: '+1', session: '@x' }];
    expect(await printed(given, 'tsv', false)).toBe('note\tmodel\tsession\n=1+1\t+1\t@x\n');
    expect(await printed(given, 'csv', false)).toBe('note,model,session\r\n=1+1,+1,@x\r\n');
  });
});
