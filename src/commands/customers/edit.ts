import { readFields } from '../../customers/customer-fields.ts';
import { editCustomer as edit } from '../../customers/edit.ts';
import { describeCustomer } from '../../customers/find-customer.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { textOf } from './fields.ts';
import { type Options, verb } from '../verb.ts';
import { choice, many } from '../readers.ts';
import { currencyOption, emailOption, metadataOption, nameOption, timezoneOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl customers edit ann --timezone Asia/Tokyo', 'change the time zone'],
    ['subctl customers edit ann --clear email --reason "asked for it"', 'delete the email address'],
  ],
  exits: [3],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'A new time zone applies from now on: current windows end as planned, and the next ones use the ' +
      'new zone. A subscription keeps the zone of its anchor.',
  )
  .argument('<customer>', 'id of the customer')
  .addOption(nameOption)
  .addOption(emailOption)
  .addOption(timezoneOption)
  .addOption(currencyOption)
  .addOption(metadataOption)
  .option(
    '--clear <field>',
    'clear this field',
    many(choice(['name', 'email', 'timezone', 'currency', 'metadata'])),
    [],
  );

/** Changes the given fields, and clears those of --clear. */
export async function run(context: Context, id: string, options: Options<typeof command>): Promise<Outcome> {
  const { timezone, currency, clear } = options;
  const fields = readFields(textOf(options, clear));
  const asked = { customer: id, timezone, currency, clear };
  const { customer, changed } = await write(context, { action: 'customers edit', asked }, (tx, change) =>
    edit(tx, change, { ...fields, id }),
  );
  if (!changed) context.note(`Nothing to do: ${id} has these values already`);
  return { record: describeCustomer(customer) };
}
