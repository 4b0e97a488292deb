import fc from 'fast-check';
import type { ArgumentFacts, CommandFacts, OptionFacts } from '../../src/commands/describe.ts';
import { wordsOf } from '../support/session.ts';
import { around, nasty } from './nasty.ts';

/** What a value of each kind looks like. */
const ofKind: Record<string, readonly string[]> = {
  text: ['ann', 'pro', 'messages', 'x', 'a b', 'name=1', '7'],
  integer: ['0', '1', '7', '100', '2147483647'],
  amount: ['1', '0.5', '12.345678901234567890', '99999999999999999999', '0'],
  instant: [
    '2026-11-30',
    '2026-12-01T12:00Z',
    '2030-01-01T00:00+05:30',
    '0001-01-01',
    '1969-12-31',
    '9999-12-31',
    '2016-02-29',
    'today',
    'last-month',
    '-2h',
    '+7d',
    '30d',
  ],
  period: ['2026-11', '2026-Q4', '2026', 'last-month', 'today', 'now'],
  last: ['30d', '24h', '6mo', '0d'],
  sort: ['id', 'id:desc', 'nothing', 'at:asc'],
  filter: ['id=ann', 'status!=active', 'amount>=1.5', 'nothing~x', 'id'],
  interval: ['1mo', '1y', '7d', '2w', '100y'],
  duration: ['1s', '90m', '7d', '3660d'],
  window: ['day', 'month', 'period', 'every_7d', 'rolling_24h', 'week_sunday', 'lifetime', 'session'],
  timezone: ['UTC', 'Europe/Berlin', 'asia/kolkata', 'Pacific/Apia', 'CET'],
  json: ['{"a":1}', '[]', 'null', '{"characters":"100"}', '{"a":{"b":[1,2,{"c":"d"}]}}'],
};

/** What exists in the world of the examples, by what an argument or the value of an option is called. */
const ofName: Record<string, readonly string[]> = {
  customer: ['ann', 'acme', 'cleo', 'dana', 'bob', 'nobody', '-', '*'],
  member: ['bob', 'carl', 'ann'],
  plan: ['free', 'pro', 'nothing', 'plan:pro', 'pro:1'],
  meter: ['messages', 'images', 'cost.usd', 'nothing'],
  kind: ['image', 'message', 'llm', 'search', 'limit', 'renewal'],
  what: ['image', 'messages', 'llm'],
  provider: ['openai', 'anthropic', 'fal', 'x'],
  model: ['gpt-4o', 'gpt-4o-mini', '*', 'claude*'],
  component: ['input_tokens', 'request', 'image'],
  file: [
    'people.csv',
    'uses.csv',
    'research.json',
    'research.csv',
    'prices.csv',
    'catalogue.yaml',
    'event.json',
    'backup.key',
    '-',
    'nowhere',
    '.',
    '/dev/null',
    '/dev/full',
    'folder/new',
  ],
  catalogue: ['catalogue.yaml', 'plans.yaml', 'mobix', 'people.csv', '.'],
  task: ['prune', 'check-expired', 'reset-credits', 'run-due'],
  invoice: ['53BCE4F1-0001', '7E0D7F8A-0001', 'none'],
  reservation: ['019b76da-a800-7000-8000-000000000002', '019b76da-a800-7000-8000-000000000009'],
  event: ['019b76da-a800-7000-8000-000000000001', 'evt_T1'],
  key: ['k-1', 'timezone', 'charges_per_run', 'dunning_days', 'allow_email_ids'],
  value: ['Europe/Berlin', '7', 'true', 'USD'],
  code: ['SPRING', 'USD', 'EUR', 'jpy', 'ABCD-EFGH-1234'],
  price: ['1mo=5', '1y=10.5', 'price_1=pro'],
  tokens: ['200000=2.50'],
  account: ['nobody_here', 'root'],
  table: ['job_runs', 'customers', 'usage_events'],
  time: ['60', 'forever', '2 years', '90d'],
  expression: ['*/5 * * * *', '0 0 31 2 *', '@daily'],
  sql: [
    'select id from public.users',
    "select 'a' as id",
    'select 1; select 2',
    'delete from public.users',
    'select pg_sleep(0)',
  ],
  url: ['https://example.com/', 'http://127.0.0.1:1/x', 'javascript:alert(1)'],
};

const lowered = (name: string) =>
  name
    .toLowerCase()
    .replace(/[^a-z]+/g, ' ')
    .split(' ')
    .find((word) => ofName[word]);

/** A value for an argument or option: one that may be right, one that is nearly so, or anything. */
function valueOf(spec: ArgumentFacts | OptionFacts): fc.Arbitrary<string> {
  const named = lowered('flag' in spec ? `${spec.value} ${spec.flag}` : spec.name);
  const right = [
    ...(spec.choices ?? []),
    ...(spec.or ?? []),
    ...((!spec.choices && ofKind[spec.kind]) || []),
    ...((spec.kind === 'text' && named && ofName[named]) || []),
  ];
  const likely = named && spec.kind === 'text' ? ofName[named]! : right;
  // what is no name of a file stays in the folder: programs that run as root write where they are told to
  const isFile = named === 'file' || named === 'catalogue';
  const kept = (text: string) => (text.startsWith('/dev/') ? text : text.replace(/^[/~]+/, ''));
  const anything = isFile ? around(right).map(kept) : around(right);
  return fc.oneof(
    { arbitrary: fc.constantFrom(...likely), weight: 6 },
    { arbitrary: fc.constantFrom(...right), weight: 2 },
    { arbitrary: anything, weight: 2 },
  );
}

function optionOf(option: OptionFacts): fc.Arbitrary<string[]> {
  if (!option.value) return fc.constantFrom([option.flag], ...(option.short ? [[option.short]] : []));
  const output = option.flag === '--output';
  const value = output
    ? fc.constantFrom('out.txt', 'folder/out', '/dev/null', '/dev/full', '.', '')
    : valueOf(option);
  return fc
    .tuple(value, fc.boolean())
    .map(([text, isJoined]) => (isJoined ? [`${option.flag}=${text}`] : [option.flag, text]));
}

/** Command lines of one command: its arguments, some of its options and of those that all have, in any order. */
function lineOf(spec: CommandFacts): fc.Arbitrary<string[]> {
  const args = spec.arguments.map((argument) => {
    const value = valueOf(argument);
    if (argument.many) return fc.array(value, { minLength: argument.optional ? 0 : 1, maxLength: 3 });
    return argument.optional
      ? fc.oneof(
          fc.constant([]),
          value.map((one) => [one]),
        )
      : value.map((one) => [one]);
  });
  // --watch ends when it is interrupted, and no line is
  const all = [...spec.options, ...spec.common].filter(({ flag }) => flag !== '--watch');
  const required = spec.options.filter((option) => option.required);
  return fc
    .tuple(
      fc.tuple(...args),
      fc.tuple(...required.map(optionOf)),
      fc.subarray(all, { maxLength: 4 }).chain((some) => fc.tuple(...some.map(optionOf))),
    )
    .map(([given, needed, options]) => [
      ...spec.path.split(' '),
      ...given.flat(),
      ...needed.flat(),
      ...options.flat(),
    ]);
}

/** An example of the help page with one of its words changed, left out or put in: all but one thing is right. */
function nearExample(spec: CommandFacts): fc.Arbitrary<string[]> {
  const typed = spec.examples.map(([line]) => wordsOf(line.replace(/ [|>] .*$/, '')).words.slice(1));
  const start = spec.path.split(' ').length;
  return fc
    .tuple(fc.constantFrom(...typed), fc.nat(20), nasty, fc.constantFrom('replace', 'put', 'drop', 'twice'))
    .map(([words, place, text, how]) => {
      const at = start + (place % Math.max(1, words.length - start + 1));
      const isFile = /^[/~]/.test(text);
      const put = isFile ? 'x' : text;
      if (how === 'drop') return words.toSpliced(at, 1);
      if (how === 'put') return words.toSpliced(at, 0, put);
      if (how === 'twice') return words.toSpliced(at, 0, words[at] ?? put);
      return words.toSpliced(at, 1, put);
    });
}

/** Command lines of these commands, and a few of commands that there are not. */
export function commandLines(specs: readonly CommandFacts[]): fc.Arbitrary<string[]> {
  const known = fc
    .constantFrom(...specs)
    .chain((spec) =>
      fc.oneof({ arbitrary: lineOf(spec), weight: 3 }, { arbitrary: nearExample(spec), weight: 2 }),
    );
  return fc.oneof({ arbitrary: known, weight: 30 }, fc.array(nasty, { maxLength: 4 }));
}
