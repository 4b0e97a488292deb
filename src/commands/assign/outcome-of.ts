import type { Assigned } from '../../subscriptions/assigned.ts';
import type { RecordOutcome, Row } from '../../terminal/outcome.ts';

type Facts = Omit<Assigned, 'sentence'>;

/** Formats an assignment with the line items of its invoice. */
export function outcomeOf(record: Facts): RecordOutcome {
  const lines = (record['invoice'] as { lines: Row[] } | null)?.lines ?? [];
  const bill = { title: 'Invoice', columns: columnsOfLine, rows: lines };
  return { record, sections: [{ entries: linesOf(record) }, ...(lines.length > 0 ? [bill] : [])] };
}

const columnsOfLine = [
  { key: 'description' },
  { key: 'amount', align: 'right' },
  { key: 'lapsed', align: 'right', optional: true },
] as const;

/** The fields with a value, without those that only programs need. */
function linesOf({ changed: _, subscription: __, invoice, ...facts }: Facts) {
  const { number, total, currency } = (invoice ?? {}) as Record<string, string>;
  return Object.entries({ ...facts, invoice: invoice ? `${number}, ${total} ${currency}` : null })
    .filter(([, value]) => value !== null)
    .map(([key, value]) => [key.replaceAll('_', ' '), value] as const);
}
