import { readCsv } from '../../files/read-csv.ts';
import { Failure } from '../../domain/failure.ts';
import type { Context } from '../context.ts';
import { openInput } from '../open-input.ts';

/**
 * The customers that a CSV file names in its column `customer`; undefined without a file.
 * @throws Failure usage for a row that cannot be read, and for a file that names nobody
 */
export async function readCustomers(
  context: Context,
  file: string | undefined,
): Promise<string[] | undefined> {
  if (file === undefined) return undefined;
  const ids = new Set<string>();
  for await (const { line, fault, values } of readCsv(openInput(context, file), {
    allowed: ['customer'],
    required: ['customer'],
  })) {
    const id = values.customer;
    if (fault || !id)
      throw new Failure('usage', `Line ${line} of '${file}': ${fault ?? 'the customer is missing'}`);
    ids.add(id);
  }
  if (ids.size === 0)
    throw new Failure('usage', `The file '${file}' names no customer`, {
      hint: 'Under the title customer, one in each line',
    });
  return [...ids];
}
