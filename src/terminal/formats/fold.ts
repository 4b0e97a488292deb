/** How many places a text takes on a terminal: wide East Asian signs take two, combining ones none. */
export function signs(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let places = 0;
  for (const sign of text) {
    const code = sign.codePointAt(0)!;
    if (/\p{Mn}|\p{Me}|\u200d|\ufe0f/u.test(sign)) continue;
    places += wide(code) ? 2 : 1;
  }
  return places;
}

/** Code points of East Asian signs and of emoji, which take two places: the first and the last of each range. */
const wideRanges: readonly (readonly [first: number, last: number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1faff],
  [0x20000, 0x3fffd],
];

function wide(code: number): boolean {
  return wideRanges.some(([first, last]) => code >= first && code <= last);
}

/** The parts at which a word may be cut when it has to be: behind a dot, a dash, a slash … of a name. */
const piecesOf = (word: string): string[] => word.split(/(?<=[-._/:,@])(?=.)/);

/**
 * A text over several lines of at most `width` places, cut between words, and inside a word that is longer than that between its parts;
 * a longer part keeps its line.
 */
export function foldWords(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && signs(last) + 1 + signs(word) <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else if (signs(word) <= width) lines.push(word);
    else for (const line of foldPieces(word, width)) lines.push(line);
  }
  return lines;
}

function foldPieces(word: string, width: number): string[] {
  const lines: string[] = [];
  for (const piece of piecesOf(word)) {
    const last = lines.at(-1);
    if (last !== undefined && signs(last) + signs(piece) <= width) lines[lines.length - 1] = last + piece;
    else lines.push(piece);
  }
  return lines;
}

/** The places that the longest word takes, and the longest part of one: narrower than that something is cut in its midst. */
export function leastWidths(texts: readonly string[]): { word: number; piece: number } {
  const least = { word: 0, piece: 0 };
  for (const text of texts)
    for (const word of text.split(' ')) {
      least.word = Math.max(least.word, signs(word));
      if (signs(word) > least.piece)
        for (const piece of piecesOf(word)) least.piece = Math.max(least.piece, signs(piece));
    }
  return least;
}

/** A text over lines of at most `width` places: folded as foldWords does, and what is longer still is cut where it must be. */
export function cutText(text: string, width: number): string[] {
  if (signs(text) <= width) return [text];
  return foldWords(text, width).flatMap((line) => (signs(line) <= width ? [line] : cutLine(line, width)));
}

function cutLine(line: string, width: number): string[] {
  const lines: string[] = [];
  let [part, places] = ['', 0];
  for (const sign of line) {
    const more = signs(sign);
    if (places + more > width && part !== '') {
      lines.push(part);
      [part, places] = ['', 0];
    }
    part += sign;
    places += more;
  }
  return [...lines, part];
}
