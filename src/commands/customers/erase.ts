import { type Erased, erasePerson } from '../../privacy/erase-person.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl customers erase ann --dry-run', 'count the rows that would change'],
    ['subctl customers erase cleo --yes --reason "request 4711"', 'erase the data'],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Deletes name, email address, metadata, free text, notifications, raw webhooks, the saved ' +
      'payment method and the link to Stripe; for a group also the names of its members. Ids, amounts, ' +
      'times, the ledger and invoices stay, so that totals do not change. The customer is disabled. ' +
      'The audit log records who erased the data, when, and how many rows of which tables changed, ' +
      'without the old values.\n\n' +
      'Refused with exit code 4 while an invoice is open, a payment is in progress or a paid ' +
      'subscription continues, unless --force is given. The id stays: it belongs to the application. ' +
      'Existing backups still contain the data. Delete the customer in Stripe, too.',
  )
  .argument('<customer>', 'id of the customer, or of a member of a group')
  .option('--force', 'also with an open invoice, a payment in progress or a paid subscription', false);

/** Erases a person and prints the number of changed rows by table. */
export async function run(
  context: Context,
  id: string,
  { force }: Options<typeof command>,
): Promise<Outcome> {
  await context.confirm(`Erase the personal data of ${id}? This cannot be undone`);
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
        empty: 'nothing left to erase',
      },
    ],
    notes: notesOn(id, erased),
  };
}

function notesOn(id: string, { before, changed, person }: Erased): string[] {
  return [
    ...(before ? [`${id} was already erased on ${before.toISOString().slice(0, 10)}`] : []),
    ...(changed && person.customer
      ? [`The id, amounts, times and invoices of ${id} stay, and the customer is disabled`]
      : []),
    ...(changed ? ['Existing backups still contain the data: docs/operations/privacy.md'] : []),
    ...(id.includes('@') ? [`The id '${id}' looks like an email address, and ids are not erased`] : []),
  ];
}
