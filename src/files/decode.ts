import { notUtf8 } from '../domain/utf8.ts';

/**
 * The text of a stream of UTF-8, piece by piece, without its byte order mark.
 * @throws Failure usage for bytes that are not UTF-8, and for the zero bytes of UTF-16
 */
export async function* decode(input: AsyncIterable<Buffer | string>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let head = Buffer.alloc(0);
  const checked = (work: () => string) => {
    let text: string;
    try {
      text = work();
    } catch {
      throw notUtf8(head, 'The file');
    }
    if (text.includes('\0')) throw notUtf8(head, 'The file');
    return text;
  };
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk);
    if (head.length < 4) head = Buffer.concat([head, bytes.subarray(0, 4)]);
    const text = checked(() => decoder.decode(bytes, { stream: true }));
    if (text !== '') yield text;
  }
  const last = checked(() => decoder.decode());
  if (last !== '') yield last;
}
