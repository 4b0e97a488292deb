import { createCipheriv, createDecipheriv, type CipherGCMTypes, hkdfSync, randomBytes } from 'node:crypto';
import { Failure } from '../domain/failure.ts';
import type { ArchiveKey } from './key-file.ts';
import { damaged } from './read-archive.ts';

/** How a sealed file begins: this word, JSON and a line end. */
export const sealWord = 'SUBCTL-SEALED 1 ';

const cipher: CipherGCMTypes = 'aes-256-gcm';
const pieceLength = 64 * 1024;
const tagLength = 16;
const longestHeader = 4096;

interface Header {
  cipher: 'AES-256-GCM';
  /** id of the key */
  key: string;
  salt: string;
}

/**
 * Encrypts with AES-256-GCM in pieces of 64 KiB under a key that is drawn for this file (HKDF-SHA-256 of the key and a random salt).
 * The nonce of a piece is its number and whether it is the last, and each is bound to the header: a piece that is changed, moved, taken
 * out or put in is refused, and so is a file without its end or with something behind it.
 */
export async function* seal(bytes: AsyncIterable<Buffer>, key: ArchiveKey): AsyncGenerator<Buffer, void> {
  const salt = randomBytes(32);
  const header = Buffer.from(
    `${sealWord}${JSON.stringify({ cipher: 'AES-256-GCM', key: key.id, salt: salt.toString('base64') } satisfies Header)}\n`,
  );
  const fileKey = deriveKey(key, salt);
  yield header;
  let number = 0;
  for await (const { piece, isLast } of inPieces(bytes, pieceLength)) {
    const cipherer = createCipheriv(cipher, fileKey, nonceOf(number, isLast)).setAAD(header);
    const sealed = Buffer.concat([cipherer.update(piece), cipherer.final()]);
    yield Buffer.concat([sealed, cipherer.getAuthTag()]);
    number += 1;
  }
}

/**
 * Decrypts what `seal` wrote. What it yields is authentic, but whole only when it has come to its end.
 * @throws Failure usage without the key or with another one, refused for a file that was changed or cut off
 */
export async function* unseal(
  bytes: AsyncIterable<Buffer>,
  key: ArchiveKey | undefined,
): AsyncGenerator<Buffer, void> {
  const { header, rest } = await splitHeader(bytes);
  const { salt, key: keyId } = readHeader(header);
  if (!key)
    throw new Failure('usage', `The archive is encrypted with the key ${keyId}`, {
      hint: 'give the file of that key with --key-file',
    });
  if (key.id !== keyId)
    throw new Failure(
      'usage',
      `The archive is encrypted with the key ${keyId}, and --key-file has ${key.id}`,
    );
  const fileKey = deriveKey(key, Buffer.from(salt, 'base64'));
  let number = 0;
  for await (const { piece, isLast } of inPieces(rest, pieceLength + tagLength)) {
    const body = piece.length - tagLength;
    if (body < 0) throw damaged('it is cut off');
    const decipherer = createDecipheriv(cipher, fileKey, nonceOf(number, isLast)).setAAD(header);
    decipherer.setAuthTag(piece.subarray(body));
    const plain = decipherer.update(piece.subarray(0, body));
    try {
      decipherer.final();
    } catch (cause) {
      throw damaged(`piece ${number + 1} was changed or moved, or the file is cut off there`, cause);
    }
    yield plain;
    number += 1;
  }
}

function deriveKey(key: ArchiveKey, salt: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', key.bytes, salt, 'subctl-backup', 32));
}

function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(number), 3);
  nonce.writeUInt8(isLast ? 1 : 0, 11);
  return nonce;
}

function readHeader(header: Buffer): Header {
  let found: unknown;
  try {
    found = JSON.parse(header.toString('utf8', sealWord.length));
  } catch (cause) {
    throw damaged('its header cannot be read', cause);
  }
  const { key, salt } = (found ?? {}) as Partial<Record<string, unknown>>;
  if (typeof key !== 'string' || !/^[0-9a-f]{16}$/.test(key) || typeof salt !== 'string')
    throw damaged('its header cannot be read');
  return { cipher: 'AES-256-GCM', key, salt };
}

async function splitHeader(
  bytes: AsyncIterable<Buffer>,
): Promise<{ header: Buffer; rest: AsyncIterable<Buffer> }> {
  const pieces = bytes[Symbol.asyncIterator]();
  let begun: Buffer = Buffer.alloc(0);
  for (;;) {
    const at = begun.indexOf(10);
    if (at >= 0)
      return { header: begun.subarray(0, at + 1), rest: continued(begun.subarray(at + 1), pieces) };
    const { value, done } = await pieces.next();
    if (done || begun.length > longestHeader) throw damaged('its header has no end');
    begun = Buffer.concat([begun, value]);
  }
}

/** `first` and then what is left of an iterator. */
export async function* continued(first: Buffer, pieces: AsyncIterator<Buffer>): AsyncGenerator<Buffer, void> {
  if (first.length > 0) yield first;
  for (;;) {
    const { value, done } = await pieces.next();
    if (done) return;
    yield value;
  }
}

/** The same bytes in pieces of `length`; the last one is shorter, or of that length, or empty where there is nothing at all. */
async function* inPieces(
  bytes: AsyncIterable<Buffer>,
  length: number,
): AsyncGenerator<{ piece: Buffer; isLast: boolean }, void> {
  let held: Buffer[] = [];
  let size = 0;
  for await (const more of bytes) {
    held.push(more);
    size += more.length;
    if (size <= length) continue;
    let all = Buffer.concat(held);
    for (; all.length > length; all = all.subarray(length))
      yield { piece: all.subarray(0, length), isLast: false };
    [held, size] = [[all], all.length];
  }
  yield { piece: Buffer.concat(held), isLast: true };
}
