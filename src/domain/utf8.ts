import { Failure } from './failure.ts';

/**
 * The text of a whole file that must be UTF-8, without its byte order mark.
 * @throws Failure usage that names the encoding that was found
 */
export function decodeUtf8(bytes: Uint8Array, name: string): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // told below, with the encoding
  }
  throw notUtf8(bytes, name);
}

/** The refusal of a file whose first bytes are `head` and which is not UTF-8. */
export function notUtf8(head: Uint8Array, name: string): Failure {
  const [from, known] = encodingOf(head);
  return new Failure('usage', `${name} is not UTF-8${known ? ` but ${known}` : ''}`, {
    hint: `Convert it: iconv -f ${from} -t utf8 FILE`,
  });
}

/** What iconv calls the encoding, and its name where the bytes show it: those of one byte a letter cannot be told apart. */
function encodingOf(head: Uint8Array): [iconv: string, known?: string] {
  const mark = Buffer.from(head.subarray(0, 4)).toString('hex');
  if (mark.startsWith('0000feff') || mark.startsWith('fffe0000')) return ['UTF-32', 'UTF-32'];
  if (/^(fffe|feff)/.test(mark)) return ['UTF-16', 'UTF-16'];
  if (/^..00..00$/.test(mark)) return ['UTF-16LE', 'UTF-16'];
  if (/^00..00..$/.test(mark)) return ['UTF-16BE', 'UTF-16'];
  return ['latin1'];
}
