import { Failure } from '../domain/failure.ts';

/** The most bytes of a value: keys have some hundred, a service account of Google some thousand. */
export const mostBytes = 16_384;

/**
 * The value of a key from what was given: white space around it is dropped. A key is one line of visible ASCII, or a JSON document.
 * @throws Failure usage that says what is wrong and repeats nothing of it
 */
export function readValue(text: string): string {
  const value = text.replace(/^\ufeff/, '').trim();
  const refuse = (what: string, hint: string) => new Failure('usage', `The key ${what}`, { hint });
  if (value === '') throw refuse('is empty', 'Check where it comes from');
  const size = Buffer.byteLength(value);
  if (size > mostBytes) throw refuse(`has ${size} bytes: ${mostBytes} are the most`, 'Give the key alone');
  if (value.startsWith('{')) return checkDocument(value, refuse);
  if (/[\r\n]/.test(value)) throw refuse('has more than one line', 'Give the key alone, without comments');
  if (!/^[\x21-\x7e]+$/.test(value))
    throw refuse(
      'has a space or a sign that no key has',
      'Copy it again: only letters, digits and signs of ASCII',
    );
  if (/^[A-Z][A-Z0-9_]*=/.test(value))
    throw refuse('is a line of an environment file', 'Give what stands after the =');
  if (value.length < 8)
    throw refuse(`has ${value.length} characters, fewer than any key`, 'Give the whole key');
  return value;
}

type Refuse = (what: string, hint: string) => Failure;

function checkDocument(value: string, refuse: Refuse): string {
  try {
    JSON.parse(value);
    return value;
  } catch {
    throw refuse('begins with { and is not JSON', 'Give the whole document');
  }
}

/** What may be seen of a value: its last four characters, and nothing of a short one or of a document. */
export function endingOf(value: string): string {
  return value.length < 16 || value.startsWith('{') ? '' : value.slice(-4);
}

/** An ending as people see it. */
export function shownEnding(ending: string): string {
  return ending === '' ? '…' : `…${ending}`;
}
