import { inTransaction } from '../../database/transaction.ts';
import { exportPerson } from '../../privacy/export-person.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { exportCustomer } from './privacy-spec.ts';

/** Hands over all that is held of a person, as they are at one instant. */
export async function run(
  context: Context,
  { customer: id }: InputOf<typeof exportCustomer>,
): Promise<Outcome> {
  const { person, tables } = await inTransaction(await context.database(), (tx) => exportPerson(tx, id), {
    readOnly: true,
  });
  const rows = Object.entries(tables)
    .filter(([, held]) => held.length > 0)
    .map(([table, held]) => ({ table, rows: held.length }));
  const { customer, groups } = person;
  return {
    record: {
      person: id,
      exported_at: await context.now(),
      is_customer: customer !== undefined,
      groups,
      ...tables,
    },
    sections: [
      {
        title: `What is held of ${id}: --json has all of it, --part TABLE --format csv one table`,
        columns: [{ key: 'table' }, { key: 'rows', align: 'right' }],
        rows,
      },
    ],
  };
}
