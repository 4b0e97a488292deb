import { closeSync, createReadStream, openSync, readSync } from 'node:fs';

const most = 16 * 1024 * 1024;
const tooLarge = (): Error => new Error('it has more than 16 MiB');

/**
 * The bytes of a file that is read whole, as settings, catalogues and price lists are: 16 MiB at most, for a device may have no end.
 * @throws Error of the system's, or one that says that it has more
 */
export async function readWhole(file: string): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of createReadStream(file, { end: most })) pieces.push(piece as Buffer);
  const bytes = Buffer.concat(pieces);
  if (bytes.length > most) throw tooLarge();
  return bytes;
}

/** The same, at once. */
export function readWholeSync(file: string): Buffer {
  const handle = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(most + 1);
    let size = 0;
    for (let length = -1; length !== 0 && size <= most; size += length)
      length = readSync(handle, bytes, { offset: size, length: Math.min(64 * 1024, most + 1 - size) });
    if (size > most) throw tooLarge();
    return Buffer.from(bytes.subarray(0, size));
  } finally {
    closeSync(handle);
  }
}
