import { Failure } from '../../domain/failure.ts';
import type { KeyRing } from '../../keys/master-key.ts';
import { findKeyRing, openKeyRing } from '../../keys/open-key-ring.ts';
import type { Context } from '../context.ts';

/** The master keys of the settings. @throws Failure config when none is configured or one is invalid */
export async function keyRing(context: Context): Promise<KeyRing> {
  return openKeyRing((await context.settings()).masterKey);
}

/** The master keys for commands that only show keys: an unreadable file is noted and ignored. */
export async function keyRingToRead(context: Context): Promise<KeyRing | undefined> {
  try {
    return await keyRingIfAny(context);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    context.note(`Not compared with the master key: ${error.message}`);
    return undefined;
  }
}

/** The master keys of the settings; undefined when none is configured. */
export async function keyRingIfAny(context: Context): Promise<KeyRing | undefined> {
  return findKeyRing((await context.settings()).masterKey);
}
