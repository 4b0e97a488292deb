// An application that records uses and writes down which of them it has been told of. It is killed at any moment, and started again.
// node crashing-worker.mjs LIBRARY ACKNOWLEDGED FIRST LAST CUSTOMERS SPOOL
import fs from 'node:fs';

const [library, acknowledged, first, last, customers, spool] = process.argv.slice(2);
const { subctl } = await import(library);
const known = new Set(fs.existsSync(acknowledged) ? fs.readFileSync(acknowledged, 'utf8').split('\n') : []);
const file = fs.openSync(acknowledged, 'a');
const client = subctl({
  batch: { size: 50, milliseconds: 2, capacity: 400 },
  connections: 2,
  timeoutMs: 3_000,
  ...(spool ? { onUnavailable: 'fail-open', spool: { folder: spool } } : { retryMs: 20_000 }),
});
const flying = new Set();
for (let at = Number(first); at < Number(last); at++) {
  if (known.has(String(at))) continue;
  const told = client
    .record({ customer: `x${at % Number(customers)}`, kind: 'llm', inputTokens: 1, key: `call-${at}` })
    .then(({ allowed }) => {
      if (!allowed) throw new Error(`call ${at} was refused`);
      fs.writeSync(file, `${at}\n`);
    });
  flying.add(told);
  void told.finally(() => flying.delete(told));
  if (flying.size > 600) await Promise.race(flying);
}
await Promise.all(flying);
await client.close();
