import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { subctl } from '../support/cli.ts';
import { commands } from '../support/commands.ts';
import { testDatabase } from '../support/database.ts';
import { wordsOf } from '../support/session.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';
import { fill, keyEnvironment, startShop, writeFiles } from './examples-world.ts';

const stripe = await startShop();
const { sql, env: bare } = await testDatabase({ empty: true });
const env = { ...bare, ...stripe.env, ...keyEnvironment };
const folder = temporaryFolder('subctl-audit-');
const cwd = path.join(folder, 'work');

beforeAll(async () => {
  writeFiles(cwd);
  await fill(sql, { env, cwd });
});
afterAll(() => removeFolder(folder));

/** One invocation of every command that writes, in an order in which each has something to do. */
const invocations: Record<string, string> = {
  setup: 'setup --default-plan pro',
  'config set': 'config set charges_per_run 6',
  'config unset': 'config unset charges_per_run',
  'plans create': 'plans create team --price 1mo=49.00 --per-seat yes',
  'plans edit': 'plans edit pro --price 1mo=41.00',
  'plans deactivate': 'plans deactivate team',
  'plans activate': 'plans activate team',
  'plans load': 'plans load plans.yaml --update',
  'meters add': 'meters add calls.cohere',
  'models set': 'models set openai gpt-4o --multiplier 1.5',
  'credit-costs set': 'credit-costs set image 2',
  'pricing import': 'pricing import prices.csv --source doc-003',
  'pricing set': 'pricing set openai gpt-9* input_tokens 2.5',
  'customers add': 'customers add gina',
  'customers edit': 'customers edit gina --timezone Asia/Tokyo',
  'customers import': 'customers import people.csv',
  'customers disable': 'customers disable dora',
  'customers enable': 'customers enable dora',
  'retention set': 'retention set job_runs 60',
  'customers erase': 'customers erase emil --yes',
  'members add': 'members add acme bob',
  'members remove': 'members remove acme bob',
  assign: 'assign gina team',
  'discounts create': 'discounts create SPRING --percent 10',
  'discounts deactivate': 'discounts deactivate SPRING',
  'invoices pay': 'invoices pay 53BCE4F1-0001 --reference BANK-7',
  'invoices refund': 'invoices refund 53BCE4F1-0001 --amount 9 --yes',
  'invoices void': 'invoices void 7E0D7F8A-0001 --yes',
  'plans migrate': 'plans migrate pro',
  'subscriptions extend': 'subscriptions extend gina --complimentary --periods 2',
  'subscriptions seats': 'subscriptions seats gina 12',
  'subscriptions pause': 'subscriptions pause gina',
  'subscriptions resume': 'subscriptions resume gina',
  'subscriptions cancel': 'subscriptions cancel gina --yes',
  'subscriptions reactivate': 'subscriptions reactivate gina',
  'limits set': 'limits set ann messages month 5000',
  'limits remove': 'limits remove ann messages month',
  'alerts mute': 'alerts mute ann limit',
  'alerts unmute': 'alerts unmute ann limit',
  'credits add': 'credits add ann 25',
  'credits set': 'credits set ann 7',
  'credits deduct': 'credits deduct ann 3',
  'credits reset': 'credits reset ann',
  'usage release': 'usage release ann 019b76da-a800-7000-8000-000000000003',
  'reservations release': 'reservations release ann 019b76da-a800-7000-8000-000000000002',
  'usage reverse': 'usage reverse ann 019b76da-a800-7000-8000-000000000001',
  'stripe sync': 'stripe sync plans',
  'stripe checkout': 'stripe checkout cleo pro',
  'members invite': 'members invite acme',
  'tokens create': 'tokens create web --scope check',
  'tokens revoke': 'tokens revoke web',
  'keys set': 'keys set openai --from-env OPENAI_API_KEY',
  'keys use': 'keys use openai --model gpt-4o',
  'keys remove': 'keys remove openai --yes',
  'jobs pause': 'jobs pause prune',
  'jobs resume': 'jobs resume prune',
  'parked drop': 'parked drop check-expired acme --yes',
  'handle-renewals': 'handle-renewals --as-of 2027-12-01',
  'check-expired': 'check-expired --as-of 2028-06-01',
};

/** Commands that write and have no change of their own, each with its reason. */
const exempt: Record<string, string> = {
  'invoices charge': 'takes money; played by test/stripe-sync/methods, with its change',
  daemon: 'its runs have changes of their own; --stop leaves nothing behind',
  doctor: 'writes with --repair only; test/books plays it',
  'usage record': 'an event is its own audit',
  'usage import': 'events are their own audit',
  'usage reserve': 'a reservation is its own audit',
  'usage settle': 'an event is its own audit',
  'usage preflight': 'reservations are their own audit',
  'members join': 'needs a code that was just made; played by test/commands/members, with its change',
  'members revoke-invitation':
    'needs a code that was just made; played by test/commands/members, with its change',
  'roles grant': 'roles belong to the whole server; played by test/roles, with its change',
  'roles revoke': 'roles belong to the whole server; played by test/roles, with its change',
  'keys run': 'what stands behind -- is the program’s; played by test/commands/keys, with its change',
  'keys test': 'asks a provider; played by test/commands/keys, with its change',
  'keys rotate': 'needs two master keys; played by test/commands/keys, with its change',
  'pricing sync': 'writes what pricing import and setup write, where something changed',
  'pricing rerate': 'played by test/pricing: every event that it rates is audited',
  'alerts read': 'a mark that somebody has seen it',
  'reset-monthly-usage': 'played by test/tasks: closed windows carry their change',
  'reset-credits': 'played by test/tasks: entries of the ledger carry their change',
  'alerts resend': 'played by test/alerts: the notice that is sent again is audited',
  'send-alerts': 'notices are their own history; their run says what',
  prune: 'takes away what is over; its run says what',
  'stripe adopt': 'two changes, the link and what came; played by test/commands/stripe',
  'stripe events': 'each webhook is processed under a change of its own',
  'stripe webhook': 'each webhook is processed under a change of its own',
  'stripe reconcile': 'each customer who differs has a change; played by test/commands/stripe',
  'stripe-reconcile': 'played by test/commands/stripe, under the change of its run',
  serve: 'each webhook is processed under a change of its own',
  'run-due': 'runs tasks, each under its own change',
  'schedule install': 'writes on the host; the timetable in the database is what the settings say',
  'schedule uninstall': 'writes on the host and not in the database',
  'jobs run': 'runs a task, under its change',
  'parked retry': 'runs a task, under its change',
};

const changes = async () => sql<{ id: string; actor: string; reason: string; action: string }[]>`
  select id, actor, reason, action from subctl.changes order by at, id`;

describe('M3, M4: what writes leaves one change, with its actor, its reason and the rows that it wrote; a dry run leaves none', () => {
  test.each(Object.entries(invocations))('%s', async (command, line) => {
    const words = wordsOf(line).words;
    const before = await changes();
    const rehearsed = await subctl([...words, '--dry-run', '--actor', 'carl', '--reason', 'a test'], {
      env,
      cwd,
    });
    expect([0, 7], rehearsed.stderr).toContain(rehearsed.code);
    expect(await changes()).toHaveLength(before.length);

    const done = await subctl([...words, '--actor', 'carl', '--reason', 'a test'], { env, cwd });
    expect([0, 7], done.stderr).toContain(done.code);
    const made = (await changes()).filter(({ id }) => !before.some((each) => each.id === id));
    expect(made).toMatchObject([{ actor: 'carl', reason: 'a test', action: command }]);
    const written = await sql`select from subctl.audit_trail where change_id = ${made[0]!.id}`;
    expect(written.length, 'rows that it wrote').toBeGreaterThan(0);
  });

  test('every command that writes is in this list, or says why not', () => {
    const writing = commands.filter(({ writes }) => writes).map(({ path: each }) => each);
    expect(writing.filter((each) => !invocations[each] && !exempt[each])).toEqual([]);
  });
});

test('audit list filters by customer, actor, action and time; the newest comes first', async () => {
  const list = async (line: string) =>
    JSON.parse((await subctl(['audit', 'list', ...line.split(' '), '--json'], { env })).stdout) as {
      action: string;
    }[];
  const ofGina = (await list('--customer gina --by carl')).map(({ action }) => action);
  expect(ofGina.at(-1)).toBe('customers add');
  expect(ofGina).toEqual(expect.arrayContaining(['assign', 'customers edit', 'subscriptions cancel']));
  expect(ofGina).not.toContain('credits deduct');
  expect(await list('--action assign --by carl')).toHaveLength(1);
  expect(await list('--by nobody')).toEqual([]);
  expect(await list('--from 2028-01-01')).toMatchObject([{ action: 'check-expired' }]);
});

test('M4: audit show says what was before and after, and personal fields only as changed', async () => {
  await subctl(['plans', 'edit', 'free', '--name', 'Gratis', '--actor', 'carl'], { env });
  const [{ id }] =
    (await sql`select id from subctl.changes where action = 'plans edit' order by at desc, id desc limit 1`) as unknown as [
      { id: string },
    ];
  const { stdout } = await subctl(['audit', 'show', id, '--json'], { env });
  expect(JSON.parse(stdout)).toMatchObject({
    actor: 'carl',
    rows: [{ entity: 'plan', key: 'free', before: { name: 'Free' }, after: { name: 'Gratis' } }],
  });
  const [mail] =
    await sql`select after from subctl.audit_trail where entity = 'customer' and entity_key = 'ann'`;
  expect(JSON.stringify(mail)).not.toContain('ann@example.org');
});
