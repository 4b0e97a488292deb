/**
 * Everything that a terminal could take for a command or that a reader does not see: C0 and C1 controls, marks that reorder text, signs of
 * no width. The joiners U+200C and U+200D stay: names of Persian, Indic scripts and emoji are written with them, and they move nothing.
 */
const hidden =
  '\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}';
// the class is of single code points: none of them is meant to combine with its neighbor
// eslint-disable-next-line no-misleading-character-class
const controls = new RegExp(`[${hidden}]`, 'gu');
/** An id is no text of a language: it may not have the joiners and the selectors of variants either, nor halves of surrogate pairs. */
const invisible = new RegExp(
  // eslint-disable-next-line no-misleading-character-class
  `[${hidden}\\u200c\\u200d\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}\\p{Cf}\\p{Cs}]`,
  'u',
);
// eslint-disable-next-line no-control-regex
const controlsButLines = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** One line of text without control characters; line breaks and tabs become spaces. For cells, labels and error sentences. */
export function oneLine(text: string): string {
  return withoutBreaks(text).replaceAll('\t', ' ').replace(controls, '');
}

/** A space in place of each run of line breaks and the white space around it. Cut and trimmed: an expression for it takes the square of a long run. */
function withoutBreaks(text: string): string {
  const lines = text.split(/[\r\n]+/);
  if (lines.length === 1) return text;
  const inner = lines.slice(1, -1).map((line) => line.trim());
  return [lines[0]!.trimEnd(), ...inner.filter(Boolean), lines.at(-1)!.trimStart()].join(' ');
}

/** Text without control characters, its line breaks and tabs kept. For whole documents shown on a terminal. */
export function withoutControls(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(controlsButLines, '');
}

/** Whether a text has a sign that cannot be seen: one with it can look like another. */
export function hasInvisible(text: string): boolean {
  return invisible.test(text);
}

/** A sentence in which values between quotes and words are cut where they are long. */
export function shortened(sentence: string): string {
  if (sentence.length <= 200) return sentence;
  const cut = (text: string) => `${[...text.slice(0, 120)].slice(0, 60).join('')}…`;
  return sentence
    .replace(/'([^']{101,})'/g, (_, value: string) => `'${cut(value)}'`)
    .replace(/\S{301,}/g, cut);
}
