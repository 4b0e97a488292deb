import { type Erased, erasePerson } from '../../privacy/erase-person.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import type { eraseCustomer } from './privacy-spec.ts';

/** Erases a person and says how many rows of which tables lost something. */
export async function run(
  context: Context,
  { customer: id, force }: InputOf<typeof eraseCustomer>,
): Promise<Outcome> {
  await context.confirm(`Erase what names ${id}? It cannot be taken back`);
  const asked = { customer: id, ...(force && { force }) };
  const erased = await write(context, { action: 'customers erase', asked }, (tx, change) =>
    erasePerson(tx, change, { id, force }),
  );
  const { rows, before, changed, person } = erased;
  return {
    record: {
      person: id,
      changed,
      erased_before: before,
      groups: person.groups,
      rows,
      dry_run: context.dryRun,
    },
    sections: [
      {
        title: `Rows that ${context.dryRun ? 'would be' : 'were'} changed`,
        columns: [{ key: 'table' }, { key: 'rows', align: 'right' }],
        rows: Object.entries(rows).map(([table, count]) => ({ table, rows: count })),
        empty: 'nothing is left to erase',
      },
    ],
    notes: notesOn(id, erased),
  };
}

function notesOn(id: string, { before, changed, person }: Erased): string[] {
  return [
    ...(before ? [`${id} was erased already, on ${before.toISOString().slice(0, 10)}`] : []),
    ...(changed && person.customer
      ? [`The id, amounts, times and invoices of ${id} stay, and the customer is disabled`]
      : []),
    ...(changed ? ['Backups that were made before still hold it: docs/operations/privacy.md'] : []),
    ...(id.includes('@') ? [`The id '${id}' looks like an address, and ids stay`] : []),
  ];
}
