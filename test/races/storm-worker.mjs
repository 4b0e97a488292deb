// A process of the storm: records uses of random customers with one connection until it is told to stop, and says what came of each.
import postgres from 'postgres';

const [url, seed, instant, ...customers] = process.argv.slice(2);
const { username, password, pathname, searchParams, port, hostname } = new URL(url);
const sql = postgres({
  host: searchParams.get('host') ?? hostname,
  port: Number(searchParams.get('port') ?? (port || 5432)),
  database: pathname.slice(1),
  username: decodeURIComponent(username),
  password: decodeURIComponent(password),
  ...{ max: 1, fetch_types: false, onnotice: () => undefined },
});
let state = Number(seed) + 1;
const below = (n) => (state = (state * 48271) % 2147483647) % n;
let stopped = false;
process.on('message', () => (stopped = true));

const number = (value) => (value === null || value === undefined ? null : Number(value));
const seen = { accepted: [], refused: [], alerts: [], settled: [], errors: [] };

/** What an answer says of each window: used, held by others, limit. */
const windows = ({ limits }) =>
  Object.fromEntries(
    limits.map((l) => [
      l.window,
      { used: number(l.used), held: number(l.held) ?? 0, limit: number(l.limit) },
    ]),
  );

async function use(customer) {
  const key = `${seed}-${seen.accepted.length}-${seen.refused.length}`;
  const [{ answer }] = await sql`
    select subctl.record_usage_json(customer => ${customer}, kind => 'llm', key => ${key}, as_of => ${instant}) as answer`;
  for (const alert of answer.alerts) seen.alerts.push(`${customer} ${alert.window} ${alert.threshold}`);
  (answer.allowed ? seen.accepted : seen.refused).push({ customer, windows: windows(answer) });
}

async function hold(customer) {
  const [{ answer }] = await sql`
    select subctl.reserve_usage(customer => ${customer}, kind => 'llm', as_of => ${instant}) as answer`;
  if (!answer.allowed) return void seen.refused.push({ customer, windows: windows(answer) });
  if (below(2) === 0)
    return void (await sql`select subctl.release_usage(${customer}, ${answer.reservation}, ${instant})`);
  const [{ settled }] = await sql`
    select subctl.settle_usage(customer => ${customer}, reservation => ${answer.reservation}, as_of => ${instant}) as settled`;
  for (const alert of settled.alerts) seen.alerts.push(`${customer} ${alert.window} ${alert.threshold}`);
  seen.settled.push(customer);
}

while (!stopped) {
  const customer = customers[below(customers.length)];
  try {
    await (customer === 'holds' && below(3) === 0 ? hold(customer) : use(customer));
  } catch (error) {
    seen.errors.push(String(error));
    break;
  }
}
await sql.end();
process.send(seen, () => process.exit(0));
