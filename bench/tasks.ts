import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../src/database/connect.ts';
import { inTransaction } from '../src/database/transaction.ts';
import { bareTasks } from './bare.ts';
import { openMonthWindows, populateForTasks, taskAnchor } from './population.ts';
import { digits, type Figure, median } from './results.ts';
import type { Bench } from './run.ts';
import { program, type Server } from './server.ts';

const page = 1000;
/** customers of the copy that only the loop over single rows touches */
const loopRows = 500;

interface Turn {
  taken: number;
  again: number;
  done: number;
  peak: number;
  bare: number;
  rowByRow: number;
}

/** The four tasks, through the program, next to their writes as bare SQL on a copy of the database, month after month. */
export async function tasks({ server, options, add }: Bench): Promise<void> {
  await server.createDatabase('tasks');
  server.subctl(['setup', '--yes'], 'tasks');
  const sql = server.connect('tasks', 2);
  await populateForTasks(sql, options.rows);
  await sql.end();
  await server.createDatabase('bare', 'tasks strategy file_copy');
  const turns = new Map<string, Turn[]>(Object.keys(bareTasks).map((task) => [task, []]));
  const at = (turn: number) => monthsAfter(taskAnchor, turn);
  for (let turn = 1; turn <= options.repeat; turn++) {
    for (const task of ['reset-monthly-usage', 'reset-credits', 'handle-renewals'])
      turns
        .get(task)!
        .push(await takeTurn(server, task, { asOf: dayAfter(at(turn)), turn, rows: options.rows }));
    if (turn < options.repeat) await both(server, (db) => openMonthWindows(db, at(turn)));
  }
  await both(server, (db) => openMonthWindows(db, at(options.repeat)));
  // in the order of the timetable; and so that an end finds what it finds on any day
  add(
    ...(await besideTasks(
      server,
      ['reset-monthly-usage', 'reset-credits', 'handle-renewals'],
      dayAfter(at(options.repeat + 1)),
    )),
  );
  const parts = options.repeat;
  for (let turn = 0; turn < parts; turn++) {
    const mine = `substr(customer_id, 2)::int % ${parts} = ${turn}`;
    await both(server, (db) => db.unsafe(`update subctl.subscriptions set auto_renew = false where ${mine}`));
    const asOf = dayAfter(at(options.repeat + 2));
    turns
      .get('check-expired')!
      .push(await takeTurn(server, 'check-expired', { asOf, turn: 9, rows: options.rows, mine }));
  }
  for (const [task, all] of turns) {
    const done = median(all.map((turn) => turn.done));
    const taken = median(all.map((turn) => turn.taken));
    const perRow = (ms: number) => `${digits((ms * 1000) / done)} µs a row`;
    const say = (
      what: string,
      measured: string,
      baseline: string,
      ratio: number,
      target?: { at: 'most' | 'least'; ratio: number },
    ) =>
      add({
        section: 'Tasks',
        what: `\`${task}\`${what}`,
        measured,
        baseline,
        ratio,
        ...(target && { target }),
      });
    const bare = median(all.map((turn) => turn.bare));
    say(
      `, ${digits(done)} rows`,
      `${digits(taken / 1000)} s, ${perRow(taken)}`,
      `bare SQL: ${digits(bare / 1000)} s`,
      median(all.map((turn) => turn.taken / turn.bare)),
      { at: 'most', ratio: 1.5 },
    );
    const loop = median(all.map((turn) => turn.rowByRow));
    say(
      ', one row after the other',
      perRow(taken),
      `a transaction a row: ${digits(loop * 1000)} µs`,
      loop / (taken / done),
      { at: 'least', ratio: 50 },
    );
    const again = median(all.map((turn) => turn.again));
    say(
      ', a second time (0 rows)',
      `${digits(again)} ms`,
      `the first: ${digits(taken / 1000)} s`,
      again / taken,
    );
    const peak = median(all.map((turn) => turn.peak));
    add({
      section: 'Tasks',
      what: `\`${task}\`, memory at most`,
      measured: `${digits(peak / 1024)} MB`,
      baseline: '',
      target: { says: '< 200 MB', met: peak < 200 * 1024 },
    });
  }
}

async function takeTurn(
  server: Server,
  task: string,
  { asOf, turn, rows, mine = 'true' }: { asOf: string; turn: number; rows: number; mine?: string },
): Promise<Turn> {
  const copy = server.connect('bare', 1);
  const ids = await copy.unsafe<{ id: string }[]>(
    `select customer_id as id from subctl.customer_windows where ${mine} order by customer_id`,
  );
  const customers = ids.map(({ id }) => id);
  const single = customers.slice(0, Math.min(loopRows, Math.ceil(rows / 10)));
  const bare = bareTasks[task]!;
  await copy`checkpoint`;
  let from = performance.now();
  for (let first = single.length; first < customers.length; first += page)
    await inTransaction(copy, (db) =>
      bare(db, { customers: customers.slice(first, first + page), asOf, turn }),
    );
  const bareMs = ((performance.now() - from) * customers.length) / (customers.length - single.length);
  from = performance.now();
  for (const customer of single) {
    await inTransaction(copy, async (db) => {
      await db`select * from subctl.subscriptions where customer_id = ${customer} for update`;
      await bare(db, { customers: [customer], asOf, turn });
    });
  }
  const rowByRow = (performance.now() - from) / single.length / (task === 'reset-monthly-usage' ? 2 : 1);
  await copy`checkpoint`;
  await copy.end();
  const first = await runTask(server, task, asOf);
  const second = await runTask(server, task, asOf);
  if (second.done !== 0) throw new Error(`${task} did ${second.done} rows when there was nothing to do`);
  process.stderr.write(
    `${task} ${asOf}: ${first.done} rows in ${digits(first.taken)} ms, bare ${digits(bareMs)} ms\n`,
  );
  return {
    taken: first.taken,
    again: second.taken,
    done: first.done,
    peak: first.peak,
    bare: bareMs,
    rowByRow,
  };
}

/** Runs a task as a timer would. */
async function runTask(server: Server, task: string, asOf: string) {
  const file = path.join(path.dirname(server.home), 'peak');
  const env = {
    ...server.env,
    DATABASE_URL: server.url('tasks'),
    NODE_OPTIONS: `--import=${path.join(import.meta.dirname, 'peak.mjs')}`,
    SUBCTL_BENCH_PEAK: file,
  };
  const from = performance.now();
  const child = spawn(process.execPath, [program, task, '--as-of', asOf, '--json'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (piece: Buffer) => (text += piece.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const taken = performance.now() - from;
  if (code !== 0) throw new Error(`subctl ${task} ended with ${code}: ${text}`);
  return {
    taken,
    done: (JSON.parse(text) as { done: number }).done,
    peak: Number(readFileSync(file, 'utf8')),
  };
}

/** The slowest of recording calls made one after the other, alone and while each task works over everybody. */
async function besideTasks(server: Server, tasksInTurn: readonly string[], asOf: string) {
  const sql = server.connect('tasks', 1);
  const ids = await sql<{ id: string }[]>`select id from subctl.customers order by random() limit 20000`;
  const recordUntil = async (isOver: () => boolean) => {
    const taken: number[] = [];
    for (let call = 0; !isOver(); call++) {
      const { id } = ids[call % ids.length]!;
      const from = performance.now();
      await sql`select subctl.record_usage(customer => ${id}, kind => 'llm', as_of => ${asOf}, input_tokens => 10)`;
      taken.push(performance.now() - from);
    }
    const sorted = taken.toSorted((a, b) => a - b);
    return { longest: sorted.at(-1)!, p99: sorted[Math.floor(sorted.length * 0.99)]!, calls: sorted.length };
  };
  const during = async (work: Promise<unknown>) => {
    let over = false;
    const ended = work.finally(() => (over = true));
    const calls = await recordUntil(() => over);
    await ended;
    return calls;
  };
  const alone = await during(sleep(4000));
  const figures: Figure[] = [];
  for (const task of tasksInTurn) {
    const beside = await during(runTask(server, task, asOf));
    figures.push({
      section: 'Tasks',
      what: `longest of ${digits(beside.calls)} recording calls while \`${task}\` works (99 %: ${digits(beside.p99)} ms)`,
      measured: `${digits(beside.longest)} ms`,
      baseline: `without it, of ${digits(alone.calls)}: ${digits(alone.longest)} ms (99 %: ${digits(alone.p99)} ms)`,
      target: { says: '≤ 50 ms', met: beside.longest <= 50 },
    });
  }
  await sql.end();
  return figures;
}

async function both(server: Server, work: (db: Connection) => Promise<unknown>): Promise<void> {
  for (const database of ['tasks', 'bare']) {
    const db = server.connect(database, 1);
    await work(db);
    await db.end();
  }
}

function monthsAfter(start: string, months: number): string {
  const at = new Date(start);
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, 1)).toISOString();
}

function dayAfter(at: string): string {
  return new Date(Date.parse(at) + 86_400_000).toISOString();
}
