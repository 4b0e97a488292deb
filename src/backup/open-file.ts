import { Failure } from '../domain/failure.ts';
import { readPieces } from './archive-file.ts';
import type { ArchiveKey } from './key-file.ts';
import { continued, sealWord, unseal } from './seal.ts';
import { gunzip } from './zip.ts';

/** How an archive was made: by our own COPY, or by pg_dump in its custom format. */
export type Method = 'copy' | 'pg_dump';

export interface OpenFile {
  method: Method;
  encrypted: boolean;
  /** decrypted, and of our own archive the text */
  bytes: AsyncIterable<Buffer>;
}

/**
 * Opens an archive of either kind, encrypted or not.
 * @throws Failure not_found, usage when it is no archive or needs another key, refused when it is damaged
 */
export async function openFile(file: string, key: ArchiveKey | undefined): Promise<OpenFile> {
  const outer = await peek(readPieces(file));
  const encrypted = outer.begun.toString('latin1', 0, sealWord.length) === sealWord;
  if (!encrypted && key)
    throw new Failure('usage', `The archive '${file}' is not encrypted`, { hint: 'leave --key-file out' });
  const { begun, bytes } = encrypted ? await peek(unseal(outer.bytes, key)) : outer;
  if (begun[0] === 0x1f && begun[1] === 0x8b) return { method: 'copy', encrypted, bytes: gunzip(bytes) };
  if (begun.toString('latin1', 0, 5) === 'PGDMP') return { method: 'pg_dump', encrypted, bytes };
  throw new Failure('usage', `The file '${file}' is no backup of subctl`, {
    hint: begun.length === 0 ? 'it is empty' : 'make one with: subctl db backup FILE',
  });
}

/** What an iterable begins with, some 64 bytes at least, and the iterable as it was. */
async function peek(bytes: AsyncIterable<Buffer>): Promise<{ begun: Buffer; bytes: AsyncIterable<Buffer> }> {
  const pieces = bytes[Symbol.asyncIterator]();
  let begun: Buffer = Buffer.alloc(0);
  while (begun.length < 64) {
    const { value, done } = await pieces.next();
    if (done) break;
    begun = Buffer.concat([begun, value]);
  }
  return { begun, bytes: continued(begun, pieces) };
}
