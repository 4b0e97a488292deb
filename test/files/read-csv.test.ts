import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { longestRow } from '../../src/files/bounds.ts';
import { type TableRow, readCsv } from '../../src/files/read-csv.ts';
import { type CsvRecord, readRecords } from '../../src/files/read-records.ts';
import { csvLines } from '../../src/terminal/formats/csv.ts';

const columns = { allowed: ['id', 'name', 'email', 'note'], required: ['id'] };

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of source) found.push(one);
  return found;
}

async function* pieces<T>(...parts: T[]): AsyncGenerator<T> {
  yield* parts;
}

const rowsOf = (text: string | Buffer): Promise<TableRow[]> => all(readCsv(pieces(text), columns));
const valuesOf = async (text: string) => (await rowsOf(text)).map(({ values }) => values);
const recordsOf = (...parts: string[]): Promise<CsvRecord[]> => all(readRecords(pieces(...parts)));

describe('the records of a CSV', () => {
  const sign = fc.constantFrom(
    'a',
    'ü',
    '"',
    ',',
    ';',
    '\t',
    '\n',
    '\r',
    '\r\n',
    "'",
    '=',
    ' ',
    '\u2028',
    '💡',
  );
  const cell = fc.array(sign, { maxLength: 6 }).map((signs) => signs.join('').replace(/^\s+|\s+$/g, ''));
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 });

  it('are read as they were written, however the text is cut into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(table, fc.array(fc.nat(60), { maxLength: 4 }), async (rows, cuts) => {
        const heading = ['one', 'two'];
        const text = csvLines([heading, ...rows]);
        const at = [0, ...cuts.filter((cut) => cut < text.length).sort((a, b) => a - b), text.length];
        const parts = at.slice(1).map((end, n) => text.slice(at[n], end));
        const found = await recordsOf(...parts);
        expect(found.map(({ cells }) => cells)).toEqual([heading, ...rows]);
        expect(found.filter(({ fault }) => fault)).toEqual([]);
        const lines = text.split(/\r\n|\n|\r/);
        for (const { line, raw } of found) expect(raw.split(/\r\n|\n|\r/)[0]).toBe(lines[line - 1]);
      }),
      { numRuns: 300 },
    );
  });

  it('end with CRLF, LF or CR, also mixed; empty lines are no records', async () => {
    const found = await recordsOf('a,b\r\n\r\n1,2\n\n3,4\r5,6');
    expect(found.map(({ cells, line }) => [line, ...cells])).toEqual([
      [1, 'a', 'b'],
      [3, '1', '2'],
      [5, '3', '4'],
      [6, '5', '6'],
    ]);
  });

  it.each([
    ['H5: a quote inside a cell without quotes', 'n7,user,a"b', /a quote stands inside/],
    ['H5: text behind the closing quote', 'n7,user,"a"b', /text follows the quote/],
  ])('%s rejects that record with its text and no other', async (_, line, reason) => {
    const found = await recordsOf(`id,kind,name\nn6,user,x\n${line}\nn8,user,y\n`);
    expect(found.map(({ fault }) => fault !== undefined)).toEqual([false, false, true, false]);
    expect(found[2]).toMatchObject({ line: 3, raw: line, fault: expect.stringMatching(reason) as string });
    expect(found[3]).toMatchObject({ line: 4, cells: ['n8', 'user', 'y'] });
  });

  const long = 'x'.repeat(longestRow);
  const records = {
    'one cell': `${long}x`,
    'a quoted cell with quotes and line breaks': `1,"${`${long}""\r\n`.repeat(3)}",2`,
    'very many cells': '1,'.repeat(longestRow / 2 + 1),
    'cells behind a long quoted one': `"${long}" , "b,\n" ,c`,
  };
  it.each(Object.keys(records))(
    'H12: a record that is too long is rejected alone, and flatly: %s',
    async (which) => {
      const record = records[which as keyof typeof records];
      const text = `a,b\n1,2\n${record}\n3,"4"\n`;
      const size = 65_536;
      const parts = Array.from({ length: Math.ceil(text.length / size) }, (_, n) =>
        text.slice(n * size, (n + 1) * size),
      );
      const found = await recordsOf(...parts);
      expect(found.map(({ fault }) => fault)).toEqual([
        undefined,
        undefined,
        'the row is longer than 1,000,000 characters',
        undefined,
      ]);
      expect(found[2]!.raw === record.slice(0, longestRow)).toBe(true);
      expect(found[3]).toMatchObject({
        cells: ['3', '4'],
        line: text.slice(0, -6).split(/\r\n|\n|\r/).length,
      });
    },
  );

  it('H12: a record at the bound is taken', async () => {
    const found = await recordsOf('a\n', long, '\n');
    expect(found[1]!.fault).toBeUndefined();
    expect(found[1]!.cells[0]).toHaveLength(longestRow);
  });
});

describe('the dialect', () => {
  it('B28: a name with a semicolon and one with a tab come in whole from a comma file', async () => {
    expect(await valuesOf('id,name\nb28,Ann; Bob\n')).toEqual([{ id: 'b28', name: 'Ann; Bob' }]);
    expect(await valuesOf('id,name\nb28,Ann\tBob\n')).toEqual([{ id: 'b28', name: 'Ann\tBob' }]);
  });

  it('B28: a row that is a cell short is rejected, and not split at another sign', async () => {
    const [row] = await rowsOf('id,name,email\nb28b,Ann;Bob\n');
    expect(row).toMatchObject({
      line: 2,
      fault: 'the row has 2 cells and the first line 3',
      raw: 'b28b,Ann;Bob',
    });
  });

  it.each([
    ['semicolon', ';', 'Ann, Bob'],
    ['tab', '\t', 'Ann, Bob; Carl'],
    ['comma', ',', 'Ann; Bob\tCarl'],
  ])('B28: %s is the delimiter of a file whose first line has it', async (_, sign, name) => {
    const text = `id${sign}name\n1${sign}${name}\n2${sign}"a${sign}b"\n`;
    expect(await valuesOf(text)).toEqual([
      { id: '1', name },
      { id: '2', name: `a${sign}b` },
    ]);
  });

  it('B28: quoted headings do not choose the delimiter', async () => {
    expect(await valuesOf('"id";"name"\n1;"a,b,c"\n')).toEqual([{ id: '1', name: 'a,b,c' }]);
  });

  it.each([
    ['latin1', Buffer.from('id,name\n1,Jürgen\n', 'latin1'), 'The file is not UTF-8', /-f latin1/],
    [
      'UTF-16 with a mark',
      Buffer.from('\ufeffid\n1\n', 'utf16le'),
      'The file is not UTF-8 but UTF-16',
      /-f UTF-16/,
    ],
    [
      'UTF-16 without one',
      Buffer.from('id\n1\n', 'utf16le'),
      'The file is not UTF-8 but UTF-16',
      /-f UTF-16LE/,
    ],
    ['a lone FF', Buffer.from([0x69, 0x64, 0x0a, 0xff]), 'The file is not UTF-8', /iconv/],
    ['a letter cut at the end', Buffer.from([0x69, 0x64, 0x0a, 0xc3]), 'The file is not UTF-8', /iconv/],
  ])('H12, B28: %s is refused, and the hint names what was found', async (_, bytes, message, hint) => {
    await expect(rowsOf(bytes)).rejects.toMatchObject({
      kind: 'usage',
      message,
      hint: expect.stringMatching(hint) as string,
    });
  });
});

test('B21: a row with too many cells keeps its whole text, and has no values that look right', async () => {
  const [row] = await rowsOf('id,name\nb21,Ann,5\n');
  expect(row).toEqual({
    line: 2,
    values: { id: null, name: null },
    raw: 'b21,Ann,5',
    fault: 'the row has 3 cells and the first line 2',
  });
});

test('B21: line, reason and raw of a file of rejected rows are passed over, once the row is mended', async () => {
  const [mended, not] = await rowsOf('id,name,line,reason,raw\n1,Ann,4,why,"1,Ann,5"\n,,5,why,"2,Bob,6"\n');
  expect(mended).toEqual({ line: 2, values: { id: '1', name: 'Ann' } });
  expect(not).toMatchObject({
    line: 3,
    raw: '2,Bob,6',
    fault: expect.stringMatching(/not mended/) as string,
  });
});
