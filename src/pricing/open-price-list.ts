import path from 'node:path';
import { readWhole } from '../config/read-whole.ts';
import { Failure } from '../domain/failure.ts';
import { decodeUtf8 } from '../domain/utf8.ts';
import { shippedPriceList } from './import-prices.ts';

/**
 * Reads the text of a price list: the file, relative to `cwd`, or without one the shipped list.
 * @throws Failure not_found for a missing file, usage for one that cannot be read
 */
export async function openPriceList(
  file: string | undefined,
  cwd: string,
): Promise<{ file: string; text: string }> {
  if (file === undefined) return shippedPriceList();
  try {
    return { file, text: decodeUtf8(await readWhole(path.resolve(cwd, file)), `The file ${file}`) };
  } catch (error) {
    if (error instanceof Failure) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Failure(
      code === 'ENOENT' ? 'not_found' : 'usage',
      `The file ${file} cannot be read: ${message}`,
      { cause: error },
    );
  }
}
