import { Option } from '@commander-js/extra-typings';
import type { Context } from '../../src/commands/context.ts';
import { type Program, commandsOf, inGroup } from '../../src/commands/program-types.ts';
import {
  amount,
  duration,
  instant,
  integer,
  interval,
  json,
  many,
  or,
  text,
  timezone,
  window,
} from '../../src/commands/readers.ts';
import type { Facts } from '../../src/commands/facts.ts';
import { type Options, entry, verb } from '../../src/commands/verb.ts';
import { Failure } from '../../src/domain/failure.ts';
import type { Outcome } from '../../src/terminal/outcome.ts';

const examples = [
  ['subctl toys add bear', 'one'],
  ['subctl toys add bear --price 5', 'two'],
] as const;

/** A command with an argument and option of every kind; it gives back what it was given. */
const add = verb({ examples, exits: [3, 8], rows: true, writes: true, asOf: true, needs: 'nothing' })
  .description(
    'First paragraph.\n\nSecond paragraph, which is long enough that it has to be folded at eighty signs.',
  )
  .argument('<toy-name>', 'the toy')
  .argument('[parts...]', 'numbers of its parts', many(integer()))
  .option('--price <amount>', 'price', amount({ min: 0 }))
  .option('--sold-at <time>', 'when', instant)
  .option('--expires <time>', 'until', or(instant, 'never'))
  .option('--every <interval>', 'how often', interval)
  .option('--lease <duration>', 'how long', duration)
  .option('--window <window>', 'counted in', window)
  .option('--timezone <zone>', 'where', timezone)
  .option('--metadata <json>', 'facts', json)
  .addOption(new Option('--colour <colour>', 'colour').choices(['red', 'blue']).default('red'))
  .option('--tag <tag>', 'tags', many(text()), [])
  .option('--note <text>', 'a note')
  .option('--big', 'a switch', false)
  .option('--no-wait', 'a switch that turns off');

/** What commander's types make of it: this function would not compile if a type were another. */
async function runAdd(
  context: Context,
  toyName: string,
  parts: number[],
  options: Options<typeof add>,
): Promise<Outcome> {
  const typed: {
    price: string | undefined;
    soldAt: Date | undefined;
    expires: Date | 'never' | undefined;
    every: string | undefined;
    lease: number | undefined;
    window: string | undefined;
    timezone: string | undefined;
    metadata: unknown;
    colour: 'red' | 'blue';
    tag: string[];
    note: string | undefined;
    big: boolean;
    wait: boolean;
  } = options;
  const { asOf, dryRun, yes, reason } = context;
  const actor = await context.actor();
  return { record: { toyName, parts, ...typed, context: { asOf, dryRun, yes, actor, reason } } };
}

function toy(run: (context: Context) => Promise<Outcome | void>, facts: Partial<Facts> = {}) {
  const command = verb({ examples, needs: 'nothing', ...facts });
  return entry('A toy', () => Promise.resolve({ command, run }));
}

export const toys: Program = inGroup('look', {
  toys: {
    summary: 'Toys',
    verbs: {
      add: entry('Add a toy', () => Promise.resolve({ command: add, run: runAdd })),
      list: {
        ...toy(() => Promise.resolve({ columns: [{ key: 'id' }], rows: [{ id: 'bear' }, { id: 'car' }] }), {
          rows: 'list',
        }),
        summary: 'List the toys',
      },
    },
  },
  refuse: toy(
    () => Promise.reject(new Failure('refused', 'Bear\u001b[2J is\nsold', { hint: 'subctl toys list' })),
    { rows: true },
  ),
  break: toy(() => Promise.reject(new TypeError('x is undefined', { cause: new Error('deeper') })), {
    rows: true,
  }),
  'say-no': toy(() => Promise.resolve({ record: { allowed: false }, exit: 'refused', notes: ['No.'] }), {
    rows: true,
  }),
  silent: toy(() => Promise.resolve()),
  wait: toy(() => new Promise<void>(() => setTimeout(() => undefined, 5_000).unref())),
  ask: toy(async (context) => (await context.confirm('Sure?'), { text: 'done\n' }), { writes: true }),
});

export const toyPaths = commandsOf(toys).map(([path]) => path);
