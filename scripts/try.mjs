// `npm run try`: the main job from a fresh clone, on a database in a throw-away folder. Each command is printed before its output.
// Installs and builds what is missing, stops when a step does not end as it should, and leaves nothing behind, also on Ctrl-C.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { steps, wordsOf } from './try-steps.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const started = performance.now();
let child;
let interrupted = 0;

/** Runs a program to its end and gives its exit code. Its stdin is closed, so nothing can wait for an answer. */
function run(program, args, options) {
  return new Promise((resolve, reject) => {
    child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options });
    child
      .once('error', reject)
      .once('close', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 143)));
  });
}

async function need(what, program, args, options) {
  const code = await run(program, args, options);
  if (code !== 0) throw new Error(`${what} ended with exit code ${code}`);
}

/** npm of the one who started us, else the one of the PATH. */
async function npm(...args) {
  const script = process.env.npm_execpath;
  const own = script && /npm-cli\.js$/.test(script);
  const program = own ? process.execPath : process.platform === 'win32' ? 'npm.cmd' : 'npm';
  await need(`npm ${args[0]}`, program, own ? [script, ...args] : args, {
    cwd: root,
    shell: !own && process.platform === 'win32',
  });
}

async function prepare() {
  if (
    !existsSync(path.join(root, 'node_modules', 'esbuild')) ||
    !existsSync(path.join(root, 'node_modules', '.package-lock.json'))
  ) {
    console.log('Installing (npm ci) …');
    await npm('ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund');
  }
  await need('The build', process.execPath, [path.join(root, 'scripts', 'build.mjs')], { cwd: root });
}

/** A folder that the account of the server may pass through when we are root, and what the program may know of this machine. */
function throwAway() {
  const folder = mkdtempSync(path.join(tmpdir(), 'subctl-try-'));
  chmodSync(folder, 0o755);
  const cwd = path.join(folder, 'work');
  mkdirSync(cwd);
  const foreign = /^(SUBCTL_|DATABASE_URL|PG|STRIPE_|SMTP_|HUGGINGFACE_|NODE_OPTIONS$)/;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  const env = { ...Object.fromEntries(kept), SUBCTL_HOME: path.join(folder, 'home'), SUBCTL_ACTOR: 'you' };
  return { folder, cwd, env };
}

const subctl = (place, words) =>
  run(process.execPath, [path.join(root, 'bin', 'subctl.js'), ...words], place);

async function play(place) {
  for (const { say, line, exit = 0 } of steps) {
    if (say) console.log(`\n# ${say}`);
    console.log(`\n$ ${line}`);
    const code = await subctl(place, wordsOf(line).slice(1));
    if (interrupted) return;
    if (code !== exit) throw new Error(`'${line}' ended with exit code ${code}, and ${exit} was expected`);
    if (code !== 0) console.log(`(exit code ${code})`);
  }
}

process.on('SIGINT', () => (interrupted ||= 130));
process.on('SIGTERM', () => {
  interrupted ||= 143;
  child?.kill('SIGTERM');
});

let place;
let failure;
try {
  await prepare();
  if (!interrupted) await play((place = throwAway()));
} catch (error) {
  failure = error;
}
if (place) {
  await subctl({ ...place, stdio: 'ignore' }, ['db', 'stop']).catch(() => undefined);
  rmSync(place.folder, { recursive: true, force: true, maxRetries: 5 });
}
if (interrupted) {
  console.error('\nStopped; the database is gone.');
  process.exitCode = interrupted;
} else if (failure) {
  console.error(`\ntry: ${failure.message}`);
  process.exitCode = 1;
} else {
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `\nAll ${steps.length} steps ended as they should, in ${seconds} s. The database is gone again.`,
  );
  console.log(
    'To go on: `node bin/subctl.js demo` makes one that stays, `npm cit` runs the tests, README.md says the rest.',
  );
}
