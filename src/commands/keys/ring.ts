import type { KeyRing } from '../../keys/master-key.ts';
import { findKeyRing, openKeyRing } from '../../keys/open-key-ring.ts';
import type { Context } from '../context.ts';

/** The master keys of the settings. @throws Failure config where none is configured or one is none */
export async function keyRing(context: Context): Promise<KeyRing> {
  return openKeyRing((await context.settings()).masterKey);
}

/** The same; undefined where none is configured. */
export async function keyRingIfAny(context: Context): Promise<KeyRing | undefined> {
  return findKeyRing((await context.settings()).masterKey);
}
