import { addCustomer as add } from '../../customers/add.ts';
import { readFields } from '../../customers/customer-fields.ts';
import { describeCustomer } from '../../customers/find-customer.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { textOf } from './fields.ts';
import { type Options, verb } from '../verb.ts';
import { Option } from '@commander-js/extra-typings';
import { currencyOption, emailOption, metadataOption, nameOption, timezoneOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl customers add ann --timezone Europe/Berlin --email ann@example.org', 'a person in Berlin'],
    ['subctl customers add acme --kind group --currency EUR --json', 'a group that pays in euros'],
  ],
  exits: [8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'A customer is a user or a group; groups have members. An id that looks like an email address is ' +
      'refused unless the setting allow_email_ids is true, because ids are permanent.',
  )
  .argument('<customer>', 'id of the customer in the application')
  .addOption(
    new Option('--kind <kind>', 'a person, or a group that shares one plan')
      .choices(['user', 'group'])
      .default('user'),
  )
  .addOption(nameOption)
  .addOption(emailOption)
  .addOption(timezoneOption)
  .addOption(currencyOption)
  .addOption(metadataOption);

/** Adds one customer. */
export async function run(context: Context, id: string, options: Options<typeof command>): Promise<Outcome> {
  const { kind, timezone, currency } = options;
  const fields = readFields({ ...textOf(options), kind });
  const asked = { customer: id, kind, timezone, currency };
  const added = await write(context, { action: 'customers add', asked }, (tx, change) =>
    add(tx, change, { id, ...fields }),
  );
  context.note(`${context.dryRun ? 'Would add' : 'Added'} customer ${id}`);
  return { record: describeCustomer(added) };
}
