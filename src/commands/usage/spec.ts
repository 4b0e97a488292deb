import { type Loading, command } from '../command.ts';
import { explainUsage } from './explain-spec.ts';
import { allOption, amountOptions, callOptions, kindOption } from './use-options.ts';

const customer = { name: 'customer', about: 'id of the customer' } as const;

/** What a use is told with: the arguments of record_usage and check_usage. */
const useOptions = [kindOption, ...amountOptions, ...callOptions, allOption] as const;

export const recordUsage = command({
  path: 'usage record',
  summary: 'Record one use, if limits and credits allow it',
  description:
    'Counts on every meter that the use fits, in every window, or is refused whole (exit code 4). A model without a known price is counted and parked as unpriced (exit code 7), or refused where a hard limit on cost holds.',
  group: 'use',
  arguments: [customer],
  options: useOptions,
  examples: [
    {
      command:
        'subctl usage record ann --kind llm --provider openai --model gpt-4o --input-tokens 900 --output-tokens 120',
      about: 'one call to a model',
    },
    {
      command: 'subctl usage record ann --kind image --quantity 2 --key request-81 --json',
      about: 'two images, safe to repeat',
    },
  ],
  exits: [4, 7, 8],
  rows: true,
  asOf: true,
  writes: true,
  load: (): Loading => import('./record.ts'),
});

export const checkUsage = command({
  path: 'usage check',
  summary: 'Say whether one use would be allowed, and write nothing',
  description:
    'Exit code 0 is yes and 4 is no, with the limit that has the least room; anything else means that it could not tell.',
  group: 'use',
  arguments: [customer],
  options: useOptions,
  examples: [
    { command: 'subctl usage check ann --kind image --quantity 5', about: 'has ann room for five images' },
    {
      command: 'subctl usage check ann --kind llm --input-tokens 4000 --all --json',
      about: 'every limit that it would touch',
    },
  ],
  exits: [4, 8],
  rows: true,
  asOf: true,
  load: (): Loading => import('./check.ts'),
});

const showUsage = command({
  path: 'usage show',
  summary: 'Show what a customer has used of every limit now',
  group: 'use',
  arguments: [customer],
  options: [{ flag: '--all', about: 'also what is only counted and has not been used' }],
  examples: [
    { command: 'subctl usage show ann', about: 'limits with bars, in ann’s time zone' },
    { command: 'subctl usage show ann --as-of 2026-03-01 --json', about: 'as it stands on 1 March' },
  ],
  exits: [3],
  rows: true,
  parts: ['limits'],
  asOf: true,
  load: (): Loading => import('./show.ts'),
});

const usageEvents = command({
  path: 'usage events',
  summary: 'List the recorded uses of a customer',
  group: 'use',
  arguments: [customer],
  options: [
    { flag: '--from', value: 'time', kind: 'instant', about: 'from this instant on' },
    { flag: '--to', value: 'time', kind: 'instant', about: 'before this instant' },
    { flag: '--kind', value: 'kind', about: 'only this kind' },
    { flag: '--session', value: 'id', about: 'only of this conversation' },
    { flag: '--member', value: 'member', about: 'only of this member' },
    { flag: '--limit', value: 'number', kind: 'integer', min: 1, about: 'at most so many' },
  ],
  examples: [
    {
      command: 'subctl usage events ann --from 2026-03-01 --limit 20',
      about: 'the first twenty since 1 March',
    },
    { command: 'subctl usage events ann --format csv', about: 'all of them for a spreadsheet' },
  ],
  exits: [3],
  rows: true,
  load: (): Loading => import('./events.ts'),
});

const usageSessions = command({
  path: 'usage sessions',
  summary: 'Show what each session of a customer came to',
  description:
    'Uses, tokens and cost of every conversation, with its first and last use; of a span where one is given. A use that was taken back is none.',
  group: 'use',
  arguments: [customer],
  options: [
    { flag: '--from', value: 'time', kind: 'instant', about: 'from this instant on' },
    { flag: '--to', value: 'time', kind: 'instant', about: 'before this instant' },
  ],
  examples: [
    { command: 'subctl usage sessions ann', about: 'all of them, the latest first' },
    { command: 'subctl usage sessions ann --from 2026-03-01 --json', about: 'since 1 March' },
  ],
  exits: [3],
  rows: true,
  load: (): Loading => import('./sessions.ts'),
});

const importUsage = command({
  path: 'usage import',
  summary: 'Record the uses of a file',
  description:
    'CSV with a line of headings, or NDJSON, gzipped or not; - is standard input. The columns are the options of usage record, with customer and kind in every row.\n\nA row with a time and no key gets a key from its content: given again it is not counted again, and the same row twice counts once. A row without time and key is a use of its own each time that its file is imported; only an import that broke off goes on where it was.\n\nA late row takes credits only of grants that lived at its own time, also of what expired unused since; what was given after it stays.\n\nRows that are refused or cannot be read are named with their line and stop nobody (exit code 7).',
  group: 'use',
  arguments: [{ name: 'file', about: 'the file, or - for standard input' }],
  options: [
    {
      flag: '--rejects',
      value: 'file',
      about: 'write rejected rows here as CSV, with line and reason; give it again when mended',
    },
  ],
  examples: [
    {
      command: 'subctl usage import uses.csv --rejects left-out.csv',
      about: 'a CSV; what is left out can be mended and given again',
    },
    { command: 'subctl usage import uses.ndjson.gz --dry-run', about: 'only say what would happen' },
  ],
  exits: [3, 7],
  rows: true,
  asOf: true,
  writes: true,
  load: (): Loading => import('./import.ts'),
});

export const usage = [
  recordUsage,
  checkUsage,
  explainUsage,
  showUsage,
  usageEvents,
  usageSessions,
  importUsage,
] as const;
export type Specs = {
  show: typeof showUsage;
  events: typeof usageEvents;
  sessions: typeof usageSessions;
  import: typeof importUsage;
};
