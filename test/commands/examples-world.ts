import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import type { Connection } from '../../src/database/connect.ts';
import { createMasterKey } from '../../src/keys/master-key.ts';
import { createCustomer } from '../stripe-server/customers.ts';
import { startStripe } from '../stripe-server/start.ts';
import { root, subctl } from '../support/cli.ts';

/** A Stripe in which dana is a customer already. */
export async function startShop() {
  const stripe = await startStripe(new Date());
  const dana = createCustomer(stripe.world, {});
  stripe.world.add('customer', { ...dana, id: 'cus_T0000000dana' });
  return stripe;
}

/** The plans that the examples speak of. */
const catalogue = `
currency: USD
default_plan: free
credit_costs: {images: "1", lora_training: "40"}
plans:
  free:
    name: Free
    rank: 0
    prices: {month: "0"}
    credits: {period: 10}
    limits: {messages: {month: 100}}
  pro:
    name: Pro
    rank: 1
    prices: {month: "39.00", year: "390.00"}
    credits: {period: 1000}
    features: [api_access]
    max_users: 5
    limits: {messages: {day: 200, month: 2000}}
`;

/** What people have in their environment for keys of providers. */
export const keyEnvironment = {
  SUBCTL_MASTER_KEY: createMasterKey(),
  OPENAI_API_KEY: 'sk-proj-of-an-example-0123456789',
};

/** What people have in the folder in which they type an example. */
export function writeFiles(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, text: string | Uint8Array) => writeFileSync(path.join(folder, name), text);
  write('catalogue.yaml', catalogue);
  write('fal.key', '0a1b2c3d-0000-4000-8000-0123456789ab:0123456789abcdef0123456789abcdef\n');
  write('event.json', '{"id":"evt_T1","object":"event"}');
  write('people.csv', 'id,email\ndora,dora@example.org\nemil,emil@example.org\n');
  write('plans.csv', 'customer,plan\nann,pro\nacme,pro\n');
  write('uses.csv', 'customer,kind,quantity,key\nann,image,2,u-1\nann,image,1,u-2\n');
  write('uses.ndjson.gz', gzipSync('{"customer":"ann","kind":"image","quantity":"1","key":"u-3"}\n'));
  write('research.csv', 'kind,quantity\nsearch,3\nllm,2\n');
  write(
    'research.json',
    '[{"kind": "search", "quantity": 3}, {"kind": "llm", "quantity": 2, "input_tokens": 800}]',
  );
  write('backup.key', Buffer.alloc(32, 7).toString('base64'));
  copyFileSync(path.join(root, 'data/prices.csv'), path.join(folder, 'prices.csv'));
}

/** Makes the database in which the examples are typed: ann and the group acme have pro, and something is parked. */
export async function fill(
  sql: Connection,
  surroundings: { env: Record<string, string>; cwd: string },
): Promise<void> {
  const lines = [
    'setup --catalogue catalogue.yaml',
    'pricing import prices.csv --source code-old --source code',
    'customers add ann --email ann@example.org',
    'customers add cleo',
    'customers add dana',
    'customers add acme --kind group',
    'assign ann pro',
    'assign acme pro',
  ];
  for (const line of lines)
    expect(await subctl(line.split(' '), surroundings), line).toMatchObject({ code: 0 });
  const exported = await subctl(['plans', 'export'], surroundings);
  writeFileSync(path.join(surroundings.cwd, 'plans.yaml'), exported.stdout);
  await sql`select subctl.record_usage(customer => 'ann', kind => 'image', as_of => '2026-01-01T00:00:00Z')`;
  await sql`update subctl.usage_events set id = '019b76da-a800-7000-8000-000000000001' where customer_id = 'ann'`;
  for (const id of ['019b76da-a800-7000-8000-000000000002', '019b76da-a800-7000-8000-000000000003']) {
    await sql`select subctl.reserve_usage(customer => 'ann', kind => 'image', quantity => 2, hold => interval '7 days', key => ${id})`;
    await sql`update subctl.reservations set id = ${id} where customer_id = 'ann' and key = ${id}`;
  }
  await sql`
    insert into subctl.notifications (customer_id, id, kind, dedupe_key, payload, created_at, dead_at, last_error)
    values ('ann', '0193a7e4-1111-7000-8000-000000000000', 'renewal', 'example', '{"customer": "ann"}', '2026-01-01', '2026-01-03', 'nobody answered')`;
  await sql`create table public.users (id text primary key, email text)`;
  await sql`insert into public.users values ('fred', 'fred@example.org')`;
  await sql`
    insert into subctl.parked (task, customer_id, id, reason, first_at, last_at, last_error)
    values ('check-expired', 'acme', 'example', 'refused', '2026-01-01', '2026-01-01', 'made for an example')`;
}

const onPro = ['plans activate pro', 'assign ann pro'];

/** What must have been typed before an example, by the beginning of its line; it may be so already (exit code 4 or 8). */
export const before: Record<string, string[]> = {
  'db verify': ['db backup subctl.backup'],
  'db restore': ['db backup subctl.backup'],
  'members remove acme bob': ['members add acme bob'],
  'limits remove ann messages month': ['limits set ann messages month 5000 --reason test'],
  'limits remove ann messages day': ['limits set ann messages day 5000 --reason test'],
  'customers enable': ['customers disable ann'],
  'jobs resume': ['jobs pause handle-renewals', 'jobs pause prune'],
  'subscriptions pause': [...onPro, 'subscriptions resume ann'],
  'subscriptions resume': [...onPro, 'subscriptions pause ann'],
  'subscriptions reactivate': [...onPro, 'subscriptions resume ann', 'subscriptions cancel ann'],
  'subscriptions extend': onPro,
  'subscriptions seats': [
    'plans create crew --price 1mo=9.00 --per-seat yes',
    'assign acme crew --when now --seats 2',
  ],
  'credits deduct': ['credits add ann 50 --reason test'],
  'limits set': onPro,
  'can-use': onPro,
  features: onPro,
  'tokens revoke': ['tokens create web --scope check'],
  'keys remove': ['keys set openai --from-env OPENAI_API_KEY'],
  'discounts deactivate': ['discounts create SPRING --percent 10'],
  'stripe checkout': ['stripe sync plans'],
  'stripe sync discounts': ['discounts create SPRING --percent 10'],
  'stripe portal': ['stripe sync plans', 'stripe checkout cleo pro'],
  'invoices refund': ['invoices pay 7E0D7F8A-0001 --reference BANK-2291'],
};

/** Exit codes that are right beside 0: the examples share one database, in which a row is parked and the plans are those above. */
export const rightAnswers: Record<string, number[]> = {
  doctor: [0, 4],
  setup: [0, 8],
  'plans diff': [0, 4],
  'plans load': [0, 8],
  'db status': [0, 4],
  'customers erase': [0, 4], // ann owes something
  'db backup': [0, 8],
  'db verify': [0, 4], // rows were made by hand, which the books tell
  'db restore': [0, 4],
  'invoices void': [0, 4],
  'invoices charge': [0, 4], // nobody here has a card
  'alerts resend': [0, 3, 4],
  'tokens create': [0, 8],
  'members join': [3], // the code of an example is nobody's
  'members revoke-invitation': [3],
  'stripe webhook': [4], // the signature of an example is nobody's
  'stripe reconcile': [0, 4],
};

/** Examples that no test can run, each with its reason. */
export const notRun: Record<string, string> = {
  serve: 'goes on until it is stopped',
  'keys test': 'asks the provider; test/commands/keys has one',
  'keys run': 'gives the terminal to a program; test/commands/keys plays it',
  'db shell': 'gives the terminal to psql',
  'db move': 'takes the database away from the other examples; test/backup/move.test.ts plays it',
  'alerts test': 'needs a mail server; test/alerts has one',
  'roles list': 'roles belong to the whole server; test/roles plays them',
  'roles show': 'roles belong to the whole server; test/roles plays them',
  'roles grant': 'roles belong to the whole server; test/roles plays them',
  'roles revoke': 'roles belong to the whole server; test/roles plays them',
  'roles check': 'roles belong to the whole server; test/roles plays them',
  daemon: 'runs until it is told to stop; test/daemon plays it',
};
