import { type InputOf, type Loading, command } from '../../src/commands/command.ts';
import type { Context } from '../../src/commands/context.ts';
import { Failure } from '../../src/domain/failure.ts';
import type { Outcome } from '../../src/terminal/outcome.ts';

const examples = [
  { command: 'subctl toys add bear', about: 'one' },
  { command: 'subctl toys add bear --price 5', about: 'two' },
] as const;

/** A command with an argument and option of every kind; it gives back what it was given. */
export const add = command({
  path: 'toys add',
  summary: 'Add a toy',
  description:
    'First paragraph.\n\nSecond paragraph, which is long enough that it has to be folded at eighty signs.',
  arguments: [
    { name: 'toy-name', about: 'the toy' },
    { name: 'parts', kind: 'integer', optional: true, many: true, about: 'numbers of its parts' },
  ],
  options: [
    { flag: '--price', value: 'amount', kind: 'amount', min: 0, about: 'price' },
    { flag: '--sold-at', value: 'time', kind: 'instant', about: 'when' },
    { flag: '--expires', value: 'time', kind: 'instant', or: ['never'], about: 'until' },
    { flag: '--every', value: 'interval', kind: 'interval', about: 'how often' },
    { flag: '--lease', value: 'duration', kind: 'duration', about: 'how long' },
    { flag: '--window', value: 'window', kind: 'window', about: 'counted in' },
    { flag: '--timezone', value: 'zone', kind: 'timezone', about: 'where' },
    { flag: '--metadata', value: 'json', kind: 'json', about: 'facts' },
    {
      flag: '--colour',
      value: 'colour',
      kind: 'choice',
      choices: ['red', 'blue'],
      default: 'red',
      about: 'colour',
    },
    { flag: '--tag', value: 'tag', many: true, about: 'tags' },
    { flag: '--note', value: 'text', about: 'a note' },
    { flag: '--big', about: 'a switch' },
    { flag: '--no-wait', about: 'a switch that turns off' },
  ],
  examples,
  exits: [3, 8],
  rows: true,
  writes: true,
  asOf: true,
  needs: 'nothing',
  load: (): Loading => Promise.resolve({ run: runAdd }),
});

/** What InputOf makes of it: this function would not compile if a type were another. */
async function runAdd(context: Context, input: InputOf<typeof add>): Promise<Outcome> {
  const typed: {
    toyName: string;
    parts: number[];
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
  } = input;
  const { asOf, dryRun, yes, reason } = context;
  const actor = await context.actor();
  return { record: { ...typed, context: { asOf, dryRun, yes, actor, reason } } };
}

const list = command({
  path: 'toys list',
  summary: 'List the toys',
  examples,
  rows: true,
  needs: 'nothing',
  load: (): Loading =>
    Promise.resolve({
      run: () => Promise.resolve({ columns: [{ key: 'id' }], rows: [{ id: 'bear' }, { id: 'car' }] }),
    }),
});

function toy(path: string, run: (context: Context) => Promise<Outcome | void>, more: object = {}) {
  return command({
    path,
    summary: 'A toy',
    examples,
    needs: 'nothing',
    load: (): Loading => Promise.resolve({ run }),
    ...more,
  });
}

export const toys = [
  add,
  list,
  toy(
    'refuse',
    () => Promise.reject(new Failure('refused', 'Bear\u001b[2J is\nsold', { hint: 'subctl toys list' })),
    { rows: true },
  ),
  toy('break', () => Promise.reject(new TypeError('x is undefined', { cause: new Error('deeper') })), {
    rows: true,
  }),
  toy('say-no', () => Promise.resolve({ record: { allowed: false }, exit: 'refused', notes: ['No.'] }), {
    rows: true,
  }),
  toy('silent', () => Promise.resolve()),
  toy('wait', () => new Promise<void>(() => setTimeout(() => undefined, 5_000).unref())),
  toy('ask', async (context) => (await context.confirm('Sure?'), { text: 'done\n' }), { writes: true }),
];
