import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ArchiveKey } from '../../backup/key-file.ts';
import type { Examination } from '../../backup/check-restored.ts';
import type { Context } from '../context.ts';
import { openOther, restoreInto } from './restore-into.ts';

/** Restores an archive into an embedded database in a temporary folder, checks its integrity, and removes it. */
export async function tryRestore(
  context: Context,
  file: string,
  key: ArchiveKey | undefined,
): Promise<Examination> {
  const folder = mkdtempSync(path.join(tmpdir(), 'subctl-verify-'));
  chmodSync(folder, 0o711); // the account of the server must pass through; the data folder has its own mode
  try {
    const target = await openOther(context, folder, '--restore');
    try {
      return (await restoreInto(context, target, { file, key, doctor: true })).examined!;
    } finally {
      await target.close(false);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
  }
}
