import { createHmac } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { Failure } from '../domain/failure.ts';

/** A key for archives. Its id tells one key from another and says nothing about it. */
export interface ArchiveKey {
  bytes: Buffer;
  id: string;
  /** others may read its file */
  isOpen: boolean;
}

const hint = 'make one with: (umask 077; openssl rand -base64 32 > backup.key)';

/**
 * Reads a key of 32 bytes, in base64 or hex, from `file`.
 * @throws Failure usage when it cannot be read or is no such key
 */
export async function readKey(file: string): Promise<ArchiveKey> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'ENOENT' ? 'there is no such file' : cause.message;
    throw new Failure('usage', `The --key-file '${file}' cannot be read: ${why}`, { hint, cause });
  });
  const bytes = decode(text.trim());
  if (bytes?.length !== 32)
    throw new Failure('usage', `The --key-file '${file}' is not a key of 32 bytes in base64 or hex`, {
      hint,
    });
  const { mode } = await stat(file);
  return {
    bytes,
    id: createHmac('sha256', bytes).update('subctl-backup-key').digest('hex').slice(0, 16),
    isOpen: process.platform !== 'win32' && (mode & 0o077) !== 0,
  };
}

function decode(text: string): Buffer | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return Buffer.from(text, 'base64');
  return undefined;
}
