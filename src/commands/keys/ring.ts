import { Failure } from '../../domain/failure.ts';
import type { KeyRing } from '../../keys/master-key.ts';
import { findKeyRing, openKeyRing } from '../../keys/open-key-ring.ts';
import type { Context } from '../context.ts';

/** The master keys of the settings. @throws Failure config where none is configured or one is none */
export async function keyRing(context: Context): Promise<KeyRing> {
  return openKeyRing((await context.settings()).masterKey);
}

/** For looking at keys, which needs none: one that this account cannot read is said and not used. */
export async function keyRingToRead(context: Context): Promise<KeyRing | undefined> {
  try {
    return await keyRingIfAny(context);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    context.note(`Not compared with the master key: ${error.message}`);
    return undefined;
  }
}

/** The same; undefined where none is configured. */
export async function keyRingIfAny(context: Context): Promise<KeyRing | undefined> {
  return findKeyRing((await context.settings()).masterKey);
}
