import { readFile } from 'node:fs/promises';

const connection = /node_modules[\\/]postgres[\\/]src[\\/]connection\.js$/;
const mends = [
  [
    '  function nextWrite(fn) {\n',
    `  function nextWrite(fn) {
    if (!socket) {
      chunk = nextWriteTimer = null
      error(Errors.connection('CONNECTION_CLOSED', options, socket))
      return true
    }
`,
  ],
  [
    "    clearImmediate(nextWriteTimer)\n    socket.removeListener('data', data)\n    socket.removeListener('connect', connected)\n    idleTimer",
    "    clearImmediate(nextWriteTimer)\n    chunk = nextWriteTimer = null\n    socket.removeListener('data', data)\n    socket.removeListener('connect', connected)\n    idleTimer",
  ],
  ['  function errored(err) {\n', '  function errored(err) {\n    final && (final(err), final = null)\n'],
  ['    stream && stream.push(null)\n', '    stream && (stream.push(null), socket.resume())\n'],
];

/**
 * The text of postgres 3.4.9's connection with four mends (porsager/postgres#1208). The library goes on with what it had for a socket
 * that the server has closed meanwhile. It writes to the socket that is gone, and ends the process with a TypeError that nobody can
 * catch: mended, the query fails with CONNECTION_CLOSED as the others do. And it keeps the mark of a write that is under way, so that
 * the next socket is never written to, and whoever asks waits for ever: mended, the mark goes with the socket. And a COPY
 * whose rows are refused at its end never ends: mended, its stream fails with what the server says. And a COPY that is read
 * slowly stops the socket at its last row, and nothing starts it again: mended, the end of the rows does. Another text of the library is refused.
 */
export function mended(text, file) {
  return mends.reduce((contents, [broken, whole]) => {
    if (!contents.includes(broken))
      throw new Error(`${file} is another than the one that is mended here: look whether it still needs it`);
    return contents.replace(broken, whole);
  }, text);
}

/** For esbuild, which makes what is shipped. */
export function mendingBuild() {
  return {
    name: 'mended-postgres',
    setup(builder) {
      builder.onLoad({ filter: connection }, async ({ path: file }) => ({
        contents: mended(await readFile(file, 'utf8'), file),
        loader: 'js',
      }));
    },
  };
}

/** For Vitest, so that tests run with what is shipped. */
export function mendingTests() {
  return {
    name: 'mended-postgres',
    transform: (text, file) => (connection.test(file) ? { code: mended(text, file), map: null } : undefined),
  };
}
