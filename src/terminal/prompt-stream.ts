import { Writable } from 'node:stream';
import type { Terminal } from './terminal.ts';

// eslint-disable-next-line no-control-regex
const colour = /\u001b\[[0-9;]*m/g;

/** Where questions are drawn: stderr, without the colours of inquirer's where --no-color or NO_COLOR forbid them. */
export function promptStream({ streams, errColours }: Terminal): NodeJS.WritableStream {
  const { stderr } = streams;
  const drawn = new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      stderr.write(errColours > 0 ? chunk : chunk.toString().replace(colour, ''));
      done();
    },
  });
  return Object.defineProperties(drawn, {
    isTTY: { value: true },
    columns: { get: () => stderr.columns },
    // what pipes into it leaves it open, as it does with the process's own: each question is piped anew
    _isStdio: { value: true },
  });
}
