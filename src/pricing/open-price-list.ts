import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../domain/failure.ts';
import { shippedPriceList } from './import-prices.ts';

/**
 * The text of a price list: the file, relative to `cwd`, or without one the list that comes with subctl.
 * @throws Failure not_found for a file that is not there, usage for one that cannot be read
 */
export async function openPriceList(
  file: string | undefined,
  cwd: string,
): Promise<{ file: string; text: string }> {
  if (file === undefined) return shippedPriceList();
  try {
    return { file, text: await readFile(path.resolve(cwd, file), 'utf8') };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Failure(
      code === 'ENOENT' ? 'not_found' : 'usage',
      `The file ${file} cannot be read: ${message}`,
      { cause: error },
    );
  }
}
