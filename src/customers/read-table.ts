import { type CastingContext, type Info, type Parser, parse } from 'csv-parse';
import { Failure } from '../domain/failure.ts';
import { nearest } from '../domain/nearest.ts';

/** One row of a file or of a query. Empty cells and nulls are null; columns that there are not are missing. */
export interface TableRow {
  /** line of the file, or number of the row */
  line: number;
  values: Record<string, string | null>;
  /** why the row as such cannot be read */
  fault?: string;
}

export interface TableColumns {
  allowed: readonly string[];
  required: readonly string[];
}

/**
 * Reads a CSV with a line of headings, as it comes: UTF-8, with or without its mark, comma or semicolon or tab between cells. Cells are
 * trimmed. A row with too many or too few cells has a `fault` and the others go on.
 * @throws Failure usage for headings that are unknown, twice or missing, and for a file that is no CSV
 */
export async function* readCsv(
  input: AsyncIterable<Buffer | string>,
  columns: TableColumns,
): AsyncGenerator<TableRow> {
  const parser = parse({
    bom: true,
    delimiter: [',', ';', '\t'],
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
    max_record_size: 1_000_000,
  });
  void feed(parser, input);
  let header: string[] | undefined;
  try {
    for await (const { info, record } of parser as AsyncIterable<{
      info: Info & CastingContext;
      record: string[];
    }>) {
      if (!header) header = checkHeader(record, columns);
      else yield toRow(header, record, info.lines);
    }
  } catch (error) {
    throw translate(error);
  }
  if (!header)
    throw new Failure('usage', 'The file is empty', { hint: `Begin it with: ${columns.allowed.join(',')}` });
}

async function feed(parser: Parser, input: AsyncIterable<Buffer | string>): Promise<void> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    for await (const chunk of input) {
      const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
      if (!parser.write(text)) await new Promise((resolve) => parser.once('drain', resolve));
    }
    parser.end(decoder.decode());
  } catch (error) {
    parser.destroy(error as Error);
  }
}

/** Columns of a file of rejected rows that was mended: they are passed over. */
const ofRejects = ['line', 'reason'];

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

function toRow(header: readonly string[], cells: readonly string[], line: number): TableRow {
  const values: TableRow['values'] = {};
  header.forEach((name, at) => (values[name] = cells[at] || null));
  if (cells.length === header.length) return { line, values };
  return { line, values, fault: `the row has ${cells.length} cells and the first line ${header.length}` };
}

function translate(error: unknown): unknown {
  if (error instanceof Failure) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
    return new Failure('usage', 'The file is not UTF-8', {
      hint: 'Convert it: iconv -f latin1 -t utf8 FILE',
      cause: error,
    });
  }
  if (code?.startsWith('CSV_'))
    return new Failure('usage', `The file is no CSV: ${message}`, { cause: error });
  return error;
}
