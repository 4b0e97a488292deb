import { currencyOf, isMoney, sentenceInDigits, withCurrencyDigits } from '../domain/currency-digits.ts';
import type { Column, Outcome, Row, RowsOutcome, Section } from './outcome.ts';

/** What a command returned, with every amount of money in the digits of its currency, in whatever format it is printed. */
export function outcomeInDigits(outcome: Outcome): Outcome {
  const notes = outcome.notes && { notes: outcome.notes.map(sentenceInDigits) };
  if ('text' in outcome) return { ...outcome, ...notes };
  if (!('record' in outcome)) return { ...rowsInDigits(outcome), ...notes };
  const { record, sections, lines } = outcome;
  return {
    ...outcome,
    ...notes,
    record: withCurrencyDigits(record),
    ...(sections && { sections: sections.map((section) => sectionInDigits(section, currencyOf(record))) }),
    ...(lines && { lines: rowsInDigits(lines) }),
  };
}

function rowsInDigits(outcome: RowsOutcome): RowsOutcome {
  const { rows, title, footer, json } = outcome;
  return {
    ...outcome,
    rows: Array.isArray(rows) ? (rows as Row[]).map((row) => withCurrencyDigits(row)) : eachInDigits(rows),
    ...(title !== undefined && { title: sentenceInDigits(title) }),
    ...(footer && { footer: footer.map(sentenceInDigits) }),
    ...(json !== undefined && { json: withCurrencyDigits(json) }),
  };
}

async function* eachInDigits(rows: RowsOutcome['rows']): AsyncGenerator<Row> {
  for await (const row of rows) yield withCurrencyDigits(row);
}

/** Of lines of a label and a value those that begin with an amount: what somebody wrote stays as it is. */
function sectionInDigits(section: Section, currency: string | undefined): Section {
  if ('columns' in section)
    return { ...section, rows: section.rows.map((row) => withCurrencyDigits(row, currency)) };
  if (!('entries' in section)) return section;
  const entries = section.entries.map(
    ([label, value]) =>
      [
        label,
        typeof value === 'string' && /^-?\d[\d.]* [A-Z]{3}\b/.test(value) ? sentenceInDigits(value) : value,
      ] as const,
  );
  return { ...section, entries };
}

/** Rows of cells in which the points of each column of amounts stand below each other. */
export function alignMoney(columns: readonly Column[], rows: readonly string[][]): string[][] {
  const aligned = rows.map((cells) => [...cells]);
  columns.forEach(({ key, align }, at) => {
    if (align !== 'right' || !isMoney(key, '0')) return;
    const places = rows.map((cells) => (/^-?[\d,]+(\.\d+)?$/.exec(cells[at]!)?.[1] ?? '').length);
    const most = places.reduce((longest, place) => Math.max(longest, place), 0);
    for (const [n, cells] of aligned.entries())
      if (/^-?\d/.test(cells[at]!)) cells[at] += ' '.repeat(most - places[n]!);
  });
  return aligned;
}
