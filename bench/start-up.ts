import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import type { Bench } from './run.ts';
import { digits, median } from './results.ts';
import { root } from './server.ts';

/** Ticks of Linux's clock in a second, in which /proc counts CPU. */
const ticksASecond = 100;

/** CPU (user and system) of a start next to `node -e 0`, of the program as it is installed: without sources beside it. Linux only. */
export function startUp({ server, options, add, note }: Bench): void {
  const folder = installCopy(server.home);
  const program = path.join(folder, 'bin/subctl.js');
  const query = [program, 'plans', 'list', '--json'];
  const byUrl = { ...server.env, DATABASE_URL: server.url(server.main) };
  const cases = {
    node: { args: ['-e', '0'], env: server.env },
    version: { args: [program, '--version'], env: server.env },
    help: { args: [program, '--help'], env: server.env },
    noun: { args: [program, 'plans', 'list', '--help'], env: server.env },
    url: { args: query, env: byUrl },
    ...(server.embedded && { embedded: { args: query, env: server.env } }),
  };
  const run = (name: string) => {
    const { args, env } = cases[name as keyof typeof cases]!;
    const { status, stderr } = spawnSync(process.execPath, args, { env, cwd: folder });
    if (status !== 0) throw new Error(String(stderr));
  };
  const taken: Record<string, number[]> = {};
  for (const name of Object.keys(cases)) run(name); // the server runs, the files are in memory
  for (let count = 0; count < 7 * options.repeat; count++)
    for (const name of Object.keys(cases)) {
      const before = cpuOfChildren();
      run(name);
      (taken[name] ??= []).push(cpuOfChildren() - before);
    }
  fs.rmSync(folder, { recursive: true, force: true });
  // a tick is coarse: means, and medians would all be the same
  const mean = (name: string) => taken[name]!.reduce((sum, one) => sum + one, 0) / taken[name]!.length;
  const node = mean('node');
  const say = (what: string, name: string, ratio?: number) =>
    add({
      section: 'Start-up',
      what,
      measured: `${digits(mean(name))} ms of CPU`,
      baseline: `node -e 0: ${digits(node)} ms`,
      ratio: mean(name) / node,
      ...(ratio === undefined ? {} : { target: { at: 'most', ratio } }),
    });
  say('`--version`', 'version');
  say('`--help`', 'help', 1.35);
  say('`plans list --help`', 'noun');
  say('`plans list --json`, DATABASE_URL', 'url', 2.5);
  if (server.embedded) say('`plans list --json`, embedded server', 'embedded', 2.5);
  note(`${taken['node']!.length} starts in turn, median of node -e 0: ${digits(median(taken['node']!))} ms.`);
}

/** What npm installs, in a folder beside `home`. */
function installCopy(home: string): string {
  const folder = path.join(path.dirname(home), 'installed');
  for (const part of ['bin', 'dist', 'drizzle', 'data', 'package.json'])
    fs.cpSync(path.join(root, part), path.join(folder, part), { recursive: true });
  fs.symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  return folder;
}

/** Milliseconds of CPU that our children have taken, those that have ended. */
function cpuOfChildren(): number {
  const fields = fs
    .readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return ((Number(fields[13]) + Number(fields[14])) * 1_000) / ticksASecond;
}
