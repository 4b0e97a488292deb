import { readCsv } from '../../files/read-csv.ts';
import { Failure } from '../../domain/failure.ts';
import type { Context } from '../context.ts';
import { openInput } from '../open-input.ts';

/**
 * Reads customer ids from the column `customer` of a CSV file. Returns undefined without a file.
 * @throws Failure usage for an invalid row, and for a file without customers
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
    throw new Failure('usage', `The file '${file}' contains no customers`, {
      hint: 'Put a heading customer in the first line and one id in each line below',
    });
  return [...ids];
}
