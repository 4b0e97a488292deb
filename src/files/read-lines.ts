import { longestRow, tooLong } from './bounds.ts';

/** A line of a text, its number counted from 1; one that is longer than a row may be is cut and has a `fault`. */
export interface Line {
  line: number;
  text: string;
  fault?: string;
}

/** The lines of a text that comes in pieces. Only LF and CRLF end a line: the other separators may stand inside a JSON string. */
export async function* readLines(pieces: AsyncIterable<string>): AsyncGenerator<Line> {
  let [rest, line, cut] = ['', 0, false];
  const take = (text: string): Line => {
    const whole = text.endsWith('\r') ? text.slice(0, -1) : text;
    const long = cut || whole.length > longestRow;
    cut = false;
    return { line: ++line, text: whole.slice(0, longestRow), ...(long && { fault: tooLong }) };
  };
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop()!;
    for (const text of lines) yield take(text);
    if (rest.length > longestRow + 1) [rest, cut] = [rest.slice(0, longestRow), true];
  }
  if (rest !== '') yield take(rest);
}
