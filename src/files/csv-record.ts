/** A cell and where the reading goes on: at the delimiter, the line break or the end behind it. */
interface Cell {
  value: string;
  next: number;
  fault?: string;
}

/** A record of CSV that is whole; `next` is where the following one begins. */
export interface WholeRecord {
  cells: string[];
  next: number;
  blank: boolean;
  fault?: string;
}

/** A record or cell whose end has not come yet; `from` is where its last cell begins. */
export interface Missing {
  missing: 'quote' | 'end';
  from: number;
}

const breaks = /\r\n|\n|\r/y;

/**
 * Reads the record of CSV at the start of `text` (RFC 4180; CRLF, LF and CR end a record). Cells without quotes are trimmed. A quote at a
 * wrong place is a `fault` of the record, which then ends at the next line break outside of quotes. Without `final` more text may come.
 */
export function readRecord(text: string, delimiter: string, final: boolean): WholeRecord | Missing {
  const reading = { delimiter, final, stops: new RegExp(`[${delimiter}\\r\\n]`, 'g') };
  const cells: string[] = [];
  let at = 0;
  let fault: string | undefined;
  for (;;) {
    const cell = readCell(text, at, reading);
    if ('missing' in cell) return cell;
    cells.push(cell.value);
    fault ??= cell.fault;
    at = cell.next;
    if (text[at] !== delimiter) break;
    at++;
  }
  breaks.lastIndex = at;
  if (!final && text.length - at < 2 && text[at] !== '\n') return { missing: 'end', from: at };
  const blank = cells.length === 1 && text.slice(0, at).trim() === '';
  return { cells, next: at + (breaks.exec(text)?.[0].length ?? 0), blank, ...(fault && { fault }) };
}

interface Reading {
  delimiter: string;
  /** what ends a cell that has no quotes */
  stops: RegExp;
  final: boolean;
}

function readCell(text: string, at: number, { delimiter, stops, final }: Reading): Cell | Missing {
  const start = skipBlanks(text, at, delimiter);
  const quoted = text[start] === '"';
  const close = quoted ? closeOf(text, start + 1) : start - 1;
  if (quoted && (close < 0 || (close + 1 >= text.length && !final))) return { missing: 'quote', from: start };
  stops.lastIndex = close + 1;
  const next = stops.exec(text)?.index ?? text.length;
  if (next === text.length && !final) return { missing: 'end', from: at };
  const behind = text.slice(close + 1, next).trim();
  if (!quoted) return { value: behind, next, ...(behind.includes('"') && { fault: strayQuote }) };
  const value = text.slice(start + 1, close).replaceAll('""', '"');
  return { value, next, ...(behind !== '' && { fault: strayEnd }) };
}

/** Where the first sign stands that is no blank; a tab is one unless it is the delimiter. */
function skipBlanks(text: string, from: number, delimiter: string): number {
  let at = from;
  while (text[at] === ' ' || (text[at] === '\t' && delimiter !== '\t')) at++;
  return at;
}

/** The quote that ends the cell, beyond doubled ones; below 0 where there is none. */
function closeOf(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2))
    if (text[at + 1] !== '"') return at;
  return -1;
}

/** How a cell with a quote in it is written. */
export const quoteHint = 'put the whole cell into quotes and double the quotes inside it';
const strayQuote = `a quote stands inside a cell that does not begin with one: ${quoteHint}`;
const strayEnd = `text follows the quote that ends a cell: ${quoteHint}`;
