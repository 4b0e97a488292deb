import { Failure } from '../domain/failure.ts';
import { nearest } from '../domain/nearest.ts';
import { decode } from './decode.ts';
import { type CsvRecord, readRecordPages } from './read-records.ts';

/** One row of a file or of a query. Empty cells and nulls are null; columns that there are not are missing. */
export interface TableRow {
  /** line of the file, or number of the row */
  line: number;
  values: Record<string, string | null>;
  /** why the row as such cannot be read: then its values are null */
  fault?: string;
  /** the text of a row that cannot be read */
  raw?: string;
}

export interface TableColumns {
  allowed: readonly string[];
  required: readonly string[];
}

/**
 * Reads a CSV with a line of headings, as it comes: UTF-8, with or without its mark; comma, semicolon or tab between cells, whichever the
 * first line has. Cells without quotes are trimmed. A row that cannot be read has a `fault` and the others go on.
 * @throws Failure usage for headings that are unknown, twice or missing, a quote that is never closed, and bytes that are not UTF-8
 */
export async function* readCsv(
  input: AsyncIterable<Buffer | string>,
  columns: TableColumns,
): AsyncGenerator<TableRow> {
  for await (const page of readCsvPages(input, columns)) yield* page;
}

/** The same, as many rows at a time as have come. */
export async function* readCsvPages(
  input: AsyncIterable<Buffer | string>,
  columns: TableColumns,
): AsyncGenerator<TableRow[]> {
  let toRow: ((record: CsvRecord) => TableRow) | undefined;
  for await (const page of readRecordPages(decode(input))) {
    const heading = toRow ? undefined : page.shift();
    if (heading?.fault)
      throw new Failure('usage', `The first line cannot be read: ${heading.fault}`, {
        hint: beginning(columns),
      });
    if (heading) toRow = rowReader(checkHeader(heading.cells, columns));
    if (toRow) yield page.map(toRow);
  }
  if (!toRow) throw new Failure('usage', 'The file is empty', { hint: beginning(columns) });
}

const beginning = ({ allowed }: TableColumns) => `Begin it with: ${allowed.join(',')}`;

/** Columns that a file of rejected rows has beside those of its input: when it is mended and given again they are passed over. */
const ofRejects = ['line', 'reason', 'raw'];

/** @throws Failure usage */
export function checkHeader(header: readonly string[], { allowed, required }: TableColumns): string[] {
  const names = header.map((name) => name.trim().toLowerCase());
  const unknown = names.filter((name) => !allowed.includes(name) && !ofRejects.includes(name));
  if (unknown.length > 0) {
    const near = nearest(unknown[0]!, allowed);
    const known = unknown.length === 1 ? 'is unknown' : 'are unknown';
    throw new Failure(
      'usage',
      `The column${unknown.length === 1 ? '' : 's'} ${unknown.join(', ')} ${known}${near ? `, did you mean ${near}?` : ''}`,
      {
        hint: `The columns may be: ${allowed.join(', ')}`,
      },
    );
  }
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice) throw new Failure('usage', `The column ${twice} is there twice`);
  const missing = required.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    throw new Failure('usage', `The column ${missing.join(' and ')} is missing`, {
      hint: `The first line was: ${names.join(',')}`,
    });
  }
  return names;
}

function rowReader(header: readonly string[]): (record: CsvRecord) => TableRow {
  const own = [...header.entries()].filter(([, name]) => !ofRejects.includes(name));
  const rawAt = header.indexOf('raw');
  const unread = (line: number, why: string, raw: string): TableRow => {
    const values = Object.fromEntries(own.map(([, name]) => [name, null]));
    return { line, values, raw, fault: why };
  };
  return ({ line, cells, raw, fault }) => {
    if (fault) return unread(line, fault, raw);
    if (cells.length !== header.length)
      return unread(line, `the row has ${cells.length} cells and the first line ${header.length}`, raw);
    const values: TableRow['values'] = {};
    for (const [at, name] of own) values[name] = cells[at] || null;
    const given = cells[rawAt];
    if (given && own.every(([at]) => !cells[at])) return unread(line, unmended, given);
    return { line, values };
  };
}

const unmended = 'the row is not mended: fill its columns from what is in the column raw';
