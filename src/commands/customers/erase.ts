import { type Erased, erasePerson } from '../../privacy/erase-person.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl customers erase ann --dry-run', 'how much would be erased?'],
    ['subctl customers erase cleo --yes --reason "request 4711"', 'erase it'],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Takes away name, e-mail address, metadata, free text, notices, raw webhooks, saved payment ' +
      'method and the link to Stripe; of a group also the names of its members. Ids, amounts, times, ' +
      'the ledger and invoices stay, so that all totals are what they were. The customer is disabled. ' +
      'The audit log says who did it, when, and how many rows of which tables changed, never what they ' +
      'were.\n\n' +
      'Refused with exit code 4 while an invoice is open, a payment is under way, or a subscription for ' +
      'money goes on, unless --force is given. An id stays: it belongs to the application. Backups that ' +
      'were made before still hold the data. Delete the customer in Stripe, too.',
  )
  .argument('<customer>', 'id of the customer, or of a member of a group')
  .option('--force', 'also while something is owed or goes on', false);

/** Erases a person and says how many rows of which tables lost something. */
export async function run(
  context: Context,
  id: string,
  { force }: Options<typeof command>,
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
