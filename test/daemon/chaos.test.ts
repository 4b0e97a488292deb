import * as fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { timetableOfVariables } from '../../src/config/timetable-settings.ts';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import { connectTo } from '../../src/database/connect.ts';
import { withoutOwnSession } from '../../src/database/own-session.ts';
import { embeddedAddress } from '../../src/database/embedded/open.ts';
import type { EmbeddedPaths } from '../../src/database/embedded/embedded-paths.ts';
import { startServer } from '../../src/database/embedded/start.ts';
import { stopServer } from '../../src/database/embedded/stop.ts';
import { migrate } from '../../src/database/migrate.ts';
import { formatDatabaseUrl, withDatabase } from '../../src/database/url.ts';
import { runDue } from '../../src/tasks/run-due.ts';
import { effectiveTimetable } from '../../src/scheduler/effective.ts';
import { root } from '../support/cli.ts';
import { newHome } from '../support/embedded.ts';
import { servicesOf } from '../support/services.ts';
import { openProxy, type Proxy } from '../support/proxy.ts';
import { fastSettings, removeFolder, temporaryFolder } from '../support/test-server.ts';
import { bundle } from './bundle.ts';
import { effectsOf, persistent, seeded } from './chaos-effects.ts';
import { type Agents, startAgents } from './chaos-agents.ts';
import { begin, populate, timetableVariables, totals, useSomething } from './chaos-world.ts';
import { doorOf, program, through, until } from './fixture.ts';

const long = process.env['SUBCTL_LONG'] === '1';
const seconds = long ? 600 : 30;
const customers = 200;
const leaseMs = 1_000;
const random = seeded(Number(process.env['SUBCTL_SEED'] ?? 7));
const folder = temporaryFolder('subctl-chaos-');
const place = await newHome();
const timetable = effectiveTimetable(timetableOfVariables(timetableVariables));
// a crash of the server must not lose what it has said is committed
const settings = { ...fastSettings, synchronous_commit: 'on' };

afterAll(() => removeFolder(folder));

test(
  'R42, J6, J7, defects 7 8 9: killed, stopped, cut off and with the database restarted under them, five daemons and three crontabs do each instant once',
  async () => {
    await startServer(place, { mayCreate: true, cluster: { settings, noSync: true } });
    const url = formatDatabaseUrl(embeddedAddress(place), { showPassword: true });
    const calmUrl = withDatabase(url, 'calm');
    await prepare(url);
    const proxy = await openProxy(doorOf(url));
    const steps = await chaos(url, proxy);
    await proxy.close();
    await calm(calmUrl, steps.times);

    const effects = await effectsOf(url, steps.times.at(-1)!);
    expect(effects.doubled).toEqual([]);
    expect(effects.lost).toEqual([]);
    expect(await totals(url)).toEqual(await totals(calmUrl));
    const { tally, logs } = steps.agents;
    const zombies = logs.join('').match(/"outcome":"lost"/g)?.length ?? 0;
    const days = Math.round((steps.times.at(-1)!.getTime() - begin.getTime()) / 86_400_000);
    console.log(
      `chaos: ${days} virtual days in ${steps.times.length} steps; kills ${tally.kills}, stops ${tally.stops}, restarts ${tally.restarts}, ` +
        `crashes of the database ${tally.crashes}, cuts ${tally.cuts}, silences ${tally.silences}, crontab lines ${tally.commands}; ` +
        `runs ${effects.runs} (lost their lease ${effects.taken}, ${zombies} of them seen by the zombie itself), instants ${effects.instants}, effective runs ${effects.effective}, ` +
        `lost ${effects.lost.length}, doubled ${effects.doubled.length}`,
    );
    expect(tally.kills + tally.stops + tally.restarts + tally.cuts).toBeGreaterThan(0);
  },
  (seconds + 120) * 1_000,
);

async function prepare(url: string): Promise<void> {
  const sql = connectTo(parseDatabaseUrl(url), 1);
  await migrate(sql, program);
  await populate(sql, customers);
  await sql.unsafe('create table public.virtual_clock (now timestamptz not null)');
  await sql`insert into public.virtual_clock values (${begin})`;
  // the rows of the timetable, due from here on
  await runDue(sql, { now: begin, timetable, services: servicesOf(), actor: 'test', trigger: 'test' });
  await sql.end({ timeout: 5 });
  const admin = connectTo(parseDatabaseUrl(withDatabase(url, 'template1')), 1);
  await withoutOwnSession(admin).unsafe('create database calm template postgres');
  await admin.end({ timeout: 5 });
}

/** Lets time pass in steps of six hours, now and then of three days, each when all that was due is done; meanwhile everything breaks. */
async function chaos(url: string, proxy: Proxy): Promise<{ times: Date[]; agents: Agents }> {
  const clock = { now: begin };
  const sql = persistent(url);
  const env = {
    ...timetableVariables,
    PATH: process.env['PATH'] ?? '',
    NO_COLOR: '1',
    DATABASE_URL: through(proxy, url),
    SUBCTL_LEASE: '1s',
    LEASE_MS: String(leaseMs),
    PROGRAM_FOLDER: program.folder,
  };
  const agents = startAgents({
    ...{ env, random, sql: sql.get, now: () => clock.now, daemons: 5, crontabs: 3 },
    daemonFile: await bundle('chaos-daemon.ts', folder),
    program: path.join(root, 'bin/subctl.js'),
  });
  const times: Date[] = [];
  const over = Date.now() + seconds * 1_000;
  const breaking = breakThings({ agents, proxy, until: over, stepsDone: () => times.length });
  try {
    while (Date.now() < over) {
      await sql.retry((db) => useSomething(db, times.length, clock.now));
      const hours = random() < 0.05 ? 72 : 6;
      clock.now = new Date(clock.now.getTime() + hours * 3_600_000);
      times.push(clock.now);
      await sql.retry((db) => db`update public.virtual_clock set now = ${clock.now}`);
      await until(async () => {
        const waiting = await sql.retry(
          (db) =>
            db`select task from subctl.jobs where enabled and not switched_off and next_due <= ${clock.now}`,
        );
        expect(waiting).toEqual([]);
      }, 60_000);
    }
  } finally {
    await breaking;
    await agents.end();
    await sql.end();
  }
  return { times, agents };
}

/** Breaks one thing after the other; between two of them the runners get a step done, or have three seconds to try. */
async function breakThings({ agents, proxy, until: over, stepsDone }: Breaking): Promise<void> {
  const { tally } = agents;
  while (Date.now() < over) {
    const before = stepsDone();
    for (let round = 0; round < 60 && stepsDone() === before; round++) await sleep(50);
    await sleep(random() * 400);
    agents.revive();
    const dice = random();
    if (dice < 0.4) agents.kill(await agents.victim());
    else if (dice < 0.65) agents.freeze(await agents.victim(), leaseMs * (1.2 + random()));
    else if (dice < 0.75) agents.killCommand();
    else if (dice < 0.87) {
      tally.cuts += 1;
      proxy.cut();
    } else if (dice < 0.92) {
      tally.silences += 1;
      proxy.stall(true);
      await sleep(leaseMs * 1.3);
      proxy.stall(false);
      proxy.cut();
    } else await restart(agents);
  }
  proxy.stall(false);
  await sleep(2.5 * leaseMs); // whoever is stopped goes on
  agents.revive();
}

interface Breaking {
  agents: Agents;
  proxy: Proxy;
  until: number;
  stepsDone: () => number;
}

/** A restart in good order, or a crash from which the server recovers. */
async function restart({ tally }: Agents): Promise<void> {
  if (random() < 0.5) {
    tally.restarts += 1;
    await stopServer(place);
  } else {
    tally.crashes += 1;
    process.kill(postmasterOf(place), 'SIGQUIT');
  }
  await sleep(random() * 500);
  await startServer(place);
}

const postmasterOf = ({ data }: EmbeddedPaths) =>
  Number(fs.readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);

/** The same steps, with one runner that nobody disturbs. */
async function calm(url: string, times: readonly Date[]): Promise<void> {
  const sql = connectTo(parseDatabaseUrl(url), 2);
  let now = begin;
  for (const [step, next] of times.entries()) {
    await useSomething(sql, step, now);
    now = next;
    await runDue(sql, { now, timetable, services: servicesOf(), actor: 'test', trigger: 'test' });
  }
  await sql.end({ timeout: 5 });
}
