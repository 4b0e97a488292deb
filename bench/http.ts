import { spawn } from 'node:child_process';
import { Agent, request } from 'node:http';
import type { Connection } from '../src/database/connect.ts';
import { populateForRecording } from './population.ts';
import { digits, median } from './results.ts';
import type { Bench } from './run.ts';
import { program } from './server.ts';

const clients = 8;

/** Recording through `subctl serve` next to the same calls of the functions, from as many connections, in turns. */
export async function http({ server, options, add }: Bench): Promise<void> {
  const sql = server.connect(server.main, 1);
  const [row] = await sql<
    [{ there: boolean }]
  >`select exists (select from subctl.customers where id = 'c1') as there`;
  if (!row.there) await populateForRecording(sql, options.customers);
  const { token } = JSON.parse(
    server.subctl(['tokens', 'create', 'bench', '--scope', 'record', '--json']),
  ) as { token: string };
  const serving = await serve(server.env, token);
  const connections = await Promise.all(
    Array.from({ length: clients }, () => server.connect(server.main, 1)),
  );
  const use = (at: number) => ({
    customer: `c${1 + Math.floor(Math.random() * options.customers)}`,
    kind: 'three',
    key: `${process.hrtime.bigint()}-${at}`,
  });
  const list = (at: number, size: number) =>
    Array.from({ length: size }, (_, n) => ({ ...use(at), key: `${process.hrtime.bigint()}-${at}-${n}` }));
  const ways = {
    function: { size: 1, call: (at: number) => recordOne(connections[at]!, use(at)) },
    http: { size: 1, call: (at: number) => serving.post('/v1/record', use(at)) },
    functions: { size: 100, call: (at: number) => recordMany(connections[at]!, list(at, 100)) },
    batches: { size: 100, call: (at: number) => serving.post('/v1/record/batch', { uses: list(at, 100) }) },
  };
  type Way = keyof typeof ways;
  const rates = Object.fromEntries(Object.keys(ways).map((way) => [way, [] as number[]])) as Record<
    Way,
    number[]
  >;
  try {
    for (let turn = 0; turn < options.repeat; turn++)
      for (const way of Object.keys(ways) as Way[])
        rates[way].push(await usesASecond(ways[way], options.seconds));
  } finally {
    serving.stop();
    await Promise.all([sql, ...connections].map((each) => each.end()));
  }
  const say = (what: string, way: Way, base: Way) =>
    add({
      section: 'HTTP',
      what: `${what}, ${clients} clients, 3 counters`,
      measured: `${digits(median(rates[way]))} events/s`,
      baseline: `${base === 'function' ? 'record_usage' : 'record_usage_many'} from Node: ${digits(median(rates[base]))}/s`,
      ratio: median(rates[way].map((rate, turn) => rate / rates[base][turn]!)),
    });
  say('`POST /v1/record`', 'http', 'function');
  say('`POST /v1/record/batch`, 100 uses', 'batches', 'functions');
}

async function recordOne(
  sql: Connection,
  { customer, kind, key }: { customer: string; kind: string; key: string },
) {
  await sql`select subctl.record_usage(customer => ${customer}, kind => ${kind}, key => ${key})`;
}

async function recordMany(sql: Connection, uses: object[]) {
  await sql`select subctl.record_usage_many(${sql.json(uses as never)})`;
}

async function usesASecond(
  { size, call }: { size: number; call: (at: number) => Promise<void> },
  seconds: number,
): Promise<number> {
  const from = performance.now();
  const until = from + seconds * 1000;
  const counts = await Promise.all(
    Array.from({ length: clients }, async (_, at) => {
      let count = 0;
      for (; performance.now() < until; count += size) await call(at);
      return count;
    }),
  );
  return (counts.reduce((sum, count) => sum + count, 0) * 1000) / (performance.now() - from);
}

async function serve(env: NodeJS.ProcessEnv, token: string) {
  const child = spawn(
    process.execPath,
    [program, 'serve', '--listen', '127.0.0.1:0', '--log-format', 'none'],
    { env, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.on('data', (data: Buffer) => {
      const found = /The API is at (\S+)\/v1/.exec(data.toString());
      if (found) resolve(found[1]!);
    });
    child.once('close', (code) => reject(new Error(`serve ended with ${code}`)));
  });
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const post = (path: string, body: object) =>
    new Promise<void>((resolve, reject) => {
      const asked = request(
        `${url}${path}`,
        {
          method: 'POST',
          agent,
          headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
        },
        (answer) => {
          answer
            .resume()
            .once('end', () =>
              answer.statusCode === 200
                ? resolve()
                : reject(new Error(`${path} answered ${answer.statusCode}`)),
            );
        },
      );
      asked.once('error', reject).end(JSON.stringify(body));
    });
  return {
    post,
    stop() {
      agent.destroy();
      child.kill('SIGTERM');
    },
  };
}
