import { FlattenedEncrypt, base64url, decodeProtectedHeader, errors, flattenedDecrypt } from 'jose';
import type { providerKeys } from '../database/schema/provider-keys.ts';
import { Failure } from '../domain/failure.ts';
import type { KeyRing } from './master-key.ts';

/** What a stored value belongs to: it decrypts for this and nothing else. */
export type Place = Pick<typeof providerKeys.$inferSelect, 'name' | 'provider' | 'baseUrl'>;

/** A value as it is stored: a flattened JWE without its `aad`, which is the place's. */
export interface Sealed {
  protected: string;
  encrypted_key: string;
  iv: string;
  ciphertext: string;
  tag: string;
}

/** A stored value with what is needed to decrypt it. */
export interface SealedKey extends Place {
  sealed: Sealed;
  /** the id of the master key */
  masterKey: string;
}

/** Values are filled up to a multiple of this, so that a ciphertext does not tell how long its value is. */
const block = 64;

/** Encrypts a value under a data key of its own (A256GCM), which the ring's first master key wraps (A256GCMKW). */
export async function seal(
  value: string,
  place: Place,
  ring: KeyRing,
): Promise<{ sealed: Sealed; masterKey: string }> {
  const { id, bytes } = ring.first;
  const text = Buffer.from(JSON.stringify(value));
  const filled = Buffer.alloc(Math.ceil(text.length / block) * block, ' ');
  text.copy(filled);
  const jwe = await new FlattenedEncrypt(filled)
    .setProtectedHeader({ alg: 'A256GCMKW', enc: 'A256GCM', kid: id })
    .setAdditionalAuthenticatedData(dataOf(place))
    .encrypt(bytes);
  const { protected: header, encrypted_key, iv, ciphertext, tag } = jwe;
  return {
    sealed: { protected: header!, encrypted_key: encrypted_key!, iv: iv!, ciphertext, tag: tag! },
    masterKey: id,
  };
}

/**
 * Decrypts a stored value.
 * @throws Failure conflict when the ring has not its master key, or when it was changed or belongs to another place
 */
export async function unseal({ sealed, masterKey, ...place }: SealedKey, ring: KeyRing): Promise<string> {
  const id = masterKeyOf(sealed) ?? masterKey;
  const key = ring.all.get(id);
  if (!key) throw wrongMasterKey(place.name, id, ring);
  try {
    const jwe = { ...sealed, aad: base64url.encode(dataOf(place)) };
    const { plaintext } = await flattenedDecrypt(jwe, key.bytes, {
      keyManagementAlgorithms: ['A256GCMKW'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    return JSON.parse(Buffer.from(plaintext).toString('utf8')) as string;
  } catch (cause) {
    if (!(cause instanceof errors.JOSEError || cause instanceof TypeError)) throw cause;
    throw new Failure(
      'conflict',
      `The key ${place.name} does not decrypt: it was changed in the database, or moved from another row`,
      {
        hint: `Set it again: subctl keys set ${place.name}`,
        details: { key: place.name, state: 'damaged' },
      },
    );
  }
}

/** The id in the header that was authenticated with the value; undefined where there is no header to read. */
function masterKeyOf(sealed: Sealed): string | undefined {
  try {
    return decodeProtectedHeader(sealed).kid;
  } catch {
    return undefined;
  }
}

/** What is said where a key is there and its master key is not: never that there is no key. */
export function wrongMasterKey(name: string, id: string, ring: KeyRing): Failure {
  const known = [...ring.all.keys()].join(', ');
  return new Failure(
    'conflict',
    `Wrong master key: the key ${name} is encrypted with ${id}, and ${ring.source} has ${known}`,
    {
      hint: 'Give the master key that it was stored with, or both: the first encrypts, all decrypt',
      details: { key: name, state: 'wrong_master_key', master_key: id, known: [...ring.all.keys()] },
    },
  );
}

function dataOf({ name, provider, baseUrl }: Place): Uint8Array {
  return Buffer.from(JSON.stringify(['provider key of subctl', name, provider, baseUrl ?? '']));
}
