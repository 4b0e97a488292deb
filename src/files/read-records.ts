import { Failure } from '../domain/failure.ts';
import { longestRow, tooLong } from './bounds.ts';
import { type Missing, quoteHint, readRecord } from './csv-record.ts';

/** A record of a CSV, the line on which it begins (counted from 1) and its text; with a `fault` its cells are not to be trusted. */
export interface CsvRecord {
  line: number;
  cells: string[];
  raw: string;
  fault?: string;
}

/**
 * The records of a CSV that comes in pieces. What separates cells is what the first line separates them with: comma, semicolon or tab.
 * @throws Failure usage for a quote that is never closed: it takes all that follows
 */
export async function* readRecords(pieces: AsyncIterable<string>): AsyncGenerator<CsvRecord> {
  for await (const page of readRecordPages(pieces)) yield* page;
}

/** The same, as many records at a time as have come. */
export async function* readRecordPages(pieces: AsyncIterable<string>): AsyncGenerator<CsvRecord[]> {
  const reader = new Reader('The file');
  for await (const piece of pieces) yield [...reader.take(piece)];
  yield [...reader.take('', true)];
}

/** The same of a text that is there whole; `name` is what a Failure calls it. */
export function recordsOf(text: string, name: string): CsvRecord[] {
  return [...new Reader(name).take(text, true)];
}

class Reader {
  readonly #name: string;
  #rest = '';
  #line = 1;
  #delimiter: string | undefined;
  /** the beginning of a record that is too long, while its end is looked for */
  #long: string | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  *take(piece: string, final = false): Generator<CsvRecord> {
    this.#rest += piece;
    while (this.#rest !== '') {
      yield* this.#plainLines();
      if (this.#rest === '') return;
      const delimiter = (this.#delimiter ??= delimiterOf(this.#rest, final));
      if (delimiter === undefined) return;
      const found = readRecord(this.#rest, delimiter, final);
      if ('missing' in found) {
        if (final) throw neverClosed(this.#name, this.#line);
        return this.#shorten(found);
      }
      const { cells, blank, fault, next } = found;
      if (blank && this.#long === undefined) this.#cut(next);
      else yield this.#record({ cells, ...(fault && { fault }) }, next);
    }
  }

  /** The records at the beginning that are lines without quotes: nearly all of nearly every file. */
  *#plainLines(): Generator<CsvRecord> {
    const delimiter = this.#delimiter;
    if (delimiter === undefined || this.#long !== undefined) return;
    const text = this.#rest;
    let at = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', at)) {
      const raw = text.slice(at, text[end - 1] === '\r' && end > at ? end - 1 : end);
      if (raw.length > longestRow || raw.includes('"') || raw.includes('\r')) break;
      at = end + 1;
      const line = this.#line++;
      const cells = raw.split(delimiter);
      for (let n = 0; n < cells.length; n++) cells[n] = cells[n]!.trim();
      if (cells.length > 1 || cells[0] !== '') yield { line, cells, raw };
    }
    this.#rest = text.slice(at);
  }

  #record(record: { cells: string[]; fault?: string }, next: number): CsvRecord {
    const line = this.#line;
    const text = this.#rest.slice(0, next).replace(/[\r\n]+$/, '');
    const raw = (this.#long ?? text).slice(0, longestRow);
    const long = this.#long !== undefined || text.length > longestRow;
    this.#long = undefined;
    this.#cut(next);
    return { line, ...record, raw, ...(long && { fault: tooLong }) };
  }

  /** Forgets all but the cell under way of a record that is too long, and of a cell all but what its end depends on. */
  #shorten({ missing, from }: Missing): void {
    if (this.#rest.length <= longestRow) return;
    this.#long ??= this.#rest.slice(0, longestRow);
    const inside = /["\r]*$/.exec(this.#rest.slice(from + 1))![0];
    if (missing === 'quote') this.#cut(this.#rest.length - inside.length, '"');
    else if (this.#rest.length - from < 1_000) this.#cut(from);
    else this.#cut(this.#rest.length, 'x');
  }

  /** Takes `length` signs away and counts their lines. */
  #cut(length: number, instead = ''): void {
    this.#line += this.#rest.slice(0, length).match(/\r\n|\n|\r/g)?.length ?? 0;
    this.#rest = instead + this.#rest.slice(length);
  }
}

/** What stands most often between the headings; undefined while their line may go on. */
function delimiterOf(text: string, final: boolean): string | undefined {
  const [first = '', more] = text.trimStart().split(/[\r\n]/, 2);
  if (more === undefined && !final && text.length <= longestRow) return undefined;
  const bare = first.replace(/"[^"]*"/g, '');
  const count = (sign: string) => bare.split(sign).length;
  return [',', ';', '\t'].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}

const neverClosed = (name: string, line: number): Failure =>
  new Failure('usage', `${name} is no CSV: the row of line ${line} opens a quote that is never closed`, {
    hint: quoteHint,
  });
