import { spawn } from 'node:child_process';
import { Failure } from '../domain/failure.ts';

const timeoutMs = 15_000;
const most = 65_536;

/**
 * Runs the program that prints the master keys and gives its stdout. Its words are handed over one by one, without a shell: nothing in
 * them is expanded. What it says on stderr is not repeated, for it may hold the key.
 * @throws Failure config for words that are none, a missing program or another exit code; unavailable when it takes longer than 15 s
 */
export async function runKeyCommand(command: string, { timeout = timeoutMs } = {}): Promise<string> {
  const [program, ...args] = wordsOf(command);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    const chunks: Buffer[] = [];
    let size = 0;
    const fail = (kind: 'config' | 'unavailable', what: string, cause?: unknown) => {
      clearTimeout(late);
      child.kill('SIGKILL');
      child.stdout.destroy(); // what it started may hold the pipe open
      const hint = 'Run it by hand to see why: its words are in SUBCTL_MASTER_KEY_COMMAND';
      reject(new Failure(kind, `The master key command ${program} ${what}`, { hint, cause }));
    };
    const late = setTimeout(() => fail('unavailable', `gave no key in ${timeout / 1000} s`), timeout);
    child.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if ((size += chunk.length) > most) fail('config', `printed more than ${most} bytes`);
    });
    child.once('error', (cause: NodeJS.ErrnoException) =>
      fail(
        'config',
        cause.code === 'ENOENT' ? 'is not a program of this host' : `cannot be run (${cause.code})`,
        cause,
      ),
    );
    child.once('close', (code, signal) => {
      if (code !== 0) return fail('config', `ended with ${code ?? signal}`);
      clearTimeout(late);
      resolve(Buffer.concat(chunks).toString('utf8'));
    });
  });
}

/**
 * The words of a command: separated by spaces, quoted where they have some, or a JSON array of them.
 * @throws Failure config where a quote is not closed
 */
export function wordsOf(command: string): [string, ...string[]] {
  const words = /^\s*\[/.test(command) ? jsonWords(command) : plainWords(command);
  if (words?.[0]) return words as [string, ...string[]];
  throw new Failure('config', 'SUBCTL_MASTER_KEY_COMMAND is not a list of words', {
    hint: 'Write words and quotes, or JSON: ["/usr/bin/aws","kms","decrypt"]',
  });
}

function jsonWords(command: string): string[] | undefined {
  try {
    const words: unknown = JSON.parse(command);
    return Array.isArray(words) && words.every((word) => typeof word === 'string') ? words : undefined;
  } catch {
    return undefined;
  }
}

function plainWords(command: string): string[] | undefined {
  const form = /\s*((?:"[^"]*"|'[^']*'|[^\s"'])+)/gy;
  const words: string[] = [];
  let end = 0;
  for (let found = form.exec(command); found; found = form.exec(command)) {
    words.push(found[1]!.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'));
    end = form.lastIndex;
  }
  return command.slice(end).trim() === '' ? words : undefined;
}
