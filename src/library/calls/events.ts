/** One event of a stream as it came, with the JSON that it carries; undefined where it carries none. */
export interface StreamEvent {
  bytes: Uint8Array;
  data: unknown;
}

/** Takes the pieces of a stream as they come, and gives the events that are whole. */
export interface EventReader {
  push(piece: Uint8Array): StreamEvent[];
  /** what is left at the end */
  rest(): StreamEvent[];
}

const lineFeed = 10;
const carriageReturn = 13;

/**
 * Reads events sent by a server (SSE): lines end in LF, CR or both, an empty line ends an event, `data:` may have several lines. How the
 * stream is cut into pieces makes no difference: only whole lines are looked at, as bytes, so that no character is cut either.
 */
export function readServerEvents(): EventReader {
  return cutAt((bytes, from) => {
    // the empty line: two line ends one after the other
    for (let at = from; at < bytes.length; at++) {
      const first = lineEnd(bytes, at);
      if (first === 0) continue;
      if (at + first >= bytes.length) return undefined;
      const second = lineEnd(bytes, at + first);
      // a CR at the end may be half of a CR LF
      if (second > 0 && (bytes[at + first] !== carriageReturn || at + first + 1 < bytes.length))
        return at + first + second;
      at += first - 1;
    }
    return undefined;
  }, dataOf);
}

/** Reads lines of JSON, one value each. */
export function readJsonLines(): EventReader {
  return cutAt(
    (bytes, from) => {
      const at = bytes.indexOf(lineFeed, from);
      return at < 0 ? undefined : at + 1;
    },
    (text) => parse(text),
  );
}

function cutAt(
  endOf: (bytes: Uint8Array, from: number) => number | undefined,
  read: (text: string) => unknown,
): EventReader {
  let left: Uint8Array = new Uint8Array(0);
  const toEvent = (bytes: Uint8Array): StreamEvent => ({
    bytes,
    data: read(new TextDecoder().decode(bytes)),
  });
  return {
    push(piece) {
      const bytes = new Uint8Array(left.length + piece.length);
      bytes.set(left);
      bytes.set(piece, left.length);
      const events: StreamEvent[] = [];
      let from = 0;
      for (let end = endOf(bytes, from); end !== undefined; end = endOf(bytes, from)) {
        events.push(toEvent(bytes.subarray(from, end)));
        from = end;
      }
      left = bytes.slice(from);
      return events;
    },
    rest: () => (left.length > 0 ? [toEvent(left)] : []),
  };
}

function lineEnd(bytes: Uint8Array, at: number): number {
  if (bytes[at] === lineFeed) return 1;
  if (bytes[at] !== carriageReturn) return 0;
  return bytes[at + 1] === lineFeed ? 2 : 1;
}

function dataOf(event: string): unknown {
  const lines = event.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  const data = lines.filter((line) => /^data(:|$)/.test(line)).map((line) => line.slice(5).replace(/^ /, ''));
  return data.length > 0 ? parse(data.join('\n')) : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // [DONE], a comment, a half of something
  }
}
