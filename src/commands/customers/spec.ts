import { type Loading, command } from '../command.ts';
import { eraseCustomer, exportCustomer } from './privacy-spec.ts';

const kind = {
  flag: '--kind',
  value: 'kind',
  kind: 'choice',
  choices: ['user', 'group'],
} as const;
const fields = [
  { flag: '--name', value: 'name', about: 'for people' },
  { flag: '--email', value: 'address', about: 'where notices go' },
  {
    flag: '--timezone',
    value: 'zone',
    kind: 'timezone',
    about: 'IANA name; that of the settings unless said',
  },
  { flag: '--currency', value: 'code', about: 'three letters such as EUR: the currency of prices' },
  { flag: '--metadata', value: 'json', max: 65536, about: "a JSON object of the application's own" },
] as const;
const customer = { name: 'customer', about: 'id of the customer' } as const;

const addCustomer = command({
  path: 'customers add',
  summary: 'Add a customer: whoever is billed, under the application’s own id',
  description:
    'A user or a group; groups have members. An id that looks like an e-mail address is refused unless the setting allow_email_ids is true, because an id stays for ever.',
  group: 'sell',
  arguments: [{ name: 'customer', about: 'the id that the application uses' }],
  options: [{ ...kind, default: 'user', about: 'a person, or several who share one plan' }, ...fields],
  examples: [
    {
      command: 'subctl customers add ann --timezone Europe/Berlin --email ann@example.org',
      about: 'a person in Berlin',
    },
    {
      command: 'subctl customers add acme --kind group --currency EUR --json',
      about: 'a group that pays in euros',
    },
  ],
  exits: [8],
  rows: true,
  asOf: true,
  writes: true,
  load: (): Loading => import('./add.ts'),
});

const editCustomer = command({
  path: 'customers edit',
  summary: 'Change what is said of a customer',
  description:
    'A new time zone holds from now on: windows that are under way end as they would have, the next follow the new zone. A subscription keeps the zone of its anchor.',
  group: 'sell',
  arguments: [customer],
  options: [
    ...fields,
    {
      flag: '--clear',
      value: 'field',
      kind: 'choice',
      choices: ['name', 'email', 'timezone', 'currency', 'metadata'],
      many: true,
      about: 'take this away',
    },
  ],
  examples: [
    { command: 'subctl customers edit ann --timezone Asia/Tokyo', about: 'ann has moved' },
    {
      command: 'subctl customers edit ann --clear email --reason "asked for it"',
      about: 'forget the address',
    },
  ],
  exits: [3],
  rows: true,
  asOf: true,
  writes: true,
  load: (): Loading => import('./edit.ts'),
});

const listCustomers = command({
  path: 'customers list',
  summary: 'List customers with their plan and status',
  group: 'sell',
  options: [
    { flag: '--search', value: 'text', about: 'part of the id, the name or the address' },
    { flag: '--plan', value: 'plan', about: 'only those who have this plan now' },
    {
      flag: '--status',
      value: 'status',
      kind: 'choice',
      choices: ['trialing', 'active', 'past_due', 'paused', 'canceled', 'expired', 'none'],
      about: 'only those in this state now; none is without a subscription',
    },
    { ...kind, about: 'only users, or only groups' },
    { flag: '--after', value: 'customer', about: 'only ids after this one: the next page' },
    {
      flag: '--limit',
      value: 'number',
      kind: 'integer',
      min: 1,
      max: 1_000_000,
      default: 50,
      about: 'how many at most (50)',
    },
  ],
  examples: [
    { command: 'subctl customers list --plan pro --limit 20', about: 'the first twenty on plan pro' },
    { command: 'subctl customers list --search example.org --json', about: 'everybody with such an address' },
  ],
  exits: [],
  rows: true,
  asOf: true,
  load: (): Loading => import('./list.ts'),
});

const showCustomer = command({
  path: 'customers show',
  summary: 'Show a customer: plan, period, limits with bars, credits, next reset',
  description:
    'Everything is read by its dates as of now, or of --as-of: it is right although no task has run.',
  group: 'sell',
  arguments: [customer],
  examples: [
    { command: 'subctl customers show ann', about: 'all there is to see of ann' },
    { command: 'subctl customers show ann --as-of 2026-03-01 --json', about: 'as it will be on 1 March' },
  ],
  exits: [3],
  rows: true,
  parts: ['limits'],
  asOf: true,
  load: (): Loading => import('./show.ts'),
});

const importCustomers = command({
  path: 'customers import',
  summary: 'Take customers in from a CSV file or from the application’s own table',
  description:
    'The columns are id, kind, name, email, timezone, currency, metadata (JSON) and plan (assigned too); only id must be there, unknown ones are refused. ' +
    'Customers that exist are left alone, or with --update get what the row says: an empty cell takes a value away, the kind never changes. ' +
    'A row that cannot be read is told with its line and the reason, and the others go on (exit 7). ' +
    'The query of --from-query is one statement that only reads. All is one transaction: after an error nothing has happened.',
  group: 'sell',
  arguments: [
    { name: 'file', about: 'a CSV file with a line of headings, or - for standard input', optional: true },
  ],
  options: [
    { flag: '--from-query', value: 'sql', max: 100000, about: 'rows of this query, in place of a file' },
    { flag: '--update', about: 'overwrite what is said of customers that exist' },
    {
      flag: '--rejects',
      value: 'file',
      about: 'write rejected rows here as CSV, with line and reason; give it again when mended',
    },
  ],
  examples: [
    {
      command: 'subctl customers import people.csv --rejects bad.csv',
      about: 'from a file; what is wrong goes to bad.csv',
    },
    {
      command: "subctl customers import --from-query 'select id, email from public.users'",
      about: 'from a table of the same database',
    },
  ],
  exits: [3, 7],
  rows: true,
  asOf: true,
  writes: true,
  load: (): Loading => import('./import.ts'),
});

const disableCustomer = command({
  path: 'customers disable',
  summary: 'Take a customer’s access away; the subscription runs on',
  group: 'sell',
  arguments: [customer],
  examples: [
    { command: 'subctl customers disable ann --reason "abuse"', about: 'no use is allowed from now on' },
    { command: 'subctl customers disable ann --dry-run', about: 'see what it would do' },
  ],
  exits: [3],
  rows: true,
  asOf: true,
  writes: true,
  load: (): Loading => import('./disable.ts'),
});

const enableCustomer = command({
  path: 'customers enable',
  summary: 'Give a disabled customer access again',
  group: 'sell',
  arguments: [customer],
  examples: [
    { command: 'subctl customers enable ann', about: 'what the plan allows is allowed again' },
    { command: 'subctl customers enable ann --json', about: 'the same, for a program' },
  ],
  exits: [3],
  rows: true,
  asOf: true,
  writes: true,
  load: (): Loading => import('./enable.ts'),
});

export type {
  addCustomer,
  disableCustomer,
  editCustomer,
  enableCustomer,
  importCustomers,
  listCustomers,
  showCustomer,
};

export const customers = [
  addCustomer,
  listCustomers,
  showCustomer,
  editCustomer,
  importCustomers,
  disableCustomer,
  enableCustomer,
  exportCustomer,
  eraseCustomer,
] as const;
