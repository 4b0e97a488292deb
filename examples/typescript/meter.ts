// Meters images of a customer with the library of subctl: DATABASE_URL=postgres://… npx tsx meter.ts ada
import { randomUUID } from 'node:crypto';
import { subctl } from 'subctl';

const [customer = 'ada'] = process.argv.slice(2);
const client = subctl();
const use = { customer, kind: 'image' };

const { allowed } = await client.check(use);
console.log('allowed:', allowed ? 'yes' : 'no');

// the same key is counted once, so this may be called again after any failure
const key = randomUUID();
let answer = await client.record({ ...use, key });
const again = await client.record({ ...use, key });
console.log(
  'recorded:',
  answer.allowed ? 'yes' : 'no',
  '- sent again:',
  again.replayed ? 'the same' : 'another',
);

while (answer.allowed) answer = await client.record(use);
console.log(`refused: ${answer.reason}: ${answer.message}`);

for (const { meter, window, used, limit } of (await client.usage(customer)).limits)
  console.log(`used: ${meter} per ${window}: ${used} of ${limit ?? 'unlimited'}`);

await client.close();
