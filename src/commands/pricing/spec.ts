import { type Loading, command } from '../command.ts';

export const importPricing = command({
  path: 'pricing import',
  summary: 'Add prices of providers from a CSV file',
  description:
    'The file has the columns provider, model, kind, unit, price_usd, per, effective_from, source and optionally above (the price of ' +
    'prompts that are strictly larger). Without a file it is the price list that comes with subctl. Prices are added, never edited: ' +
    'another price from the same day on is a new revision, and the same file again adds nothing.',
  group: 'sell',
  arguments: [{ name: 'file', optional: true, about: 'a CSV file (the price list that comes with subctl)' }],
  options: [
    {
      flag: '--source',
      value: 'name',
      many: true,
      about: 'only the rows of this source; several in the order given',
    },
  ],
  examples: [
    {
      command: 'subctl pricing import --source code-old --source code --dry-run',
      about: 'what two sources of the shipped list would add',
    },
    {
      command: 'subctl pricing import prices.csv --source code --json',
      about: 'a file of your own, for a program',
    },
  ],
  exits: [3],
  rows: true,
  writes: true,
  asOf: true,
  load: (): Loading => import('./import.ts'),
});

export const listPricing = command({
  path: 'pricing list',
  summary: 'List prices of providers',
  group: 'sell',
  options: [
    { flag: '--provider', value: 'name', about: 'only of this provider' },
    { flag: '--model', value: 'name', about: 'only of this model' },
    { flag: '--at', value: 'time', kind: 'instant', about: 'what holds at this time (now)' },
    { flag: '--all', about: 'every price that there was and will be' },
  ],
  examples: [
    { command: 'subctl pricing list --provider gemini', about: 'what holds now' },
    { command: 'subctl pricing list --all --format csv', about: 'the whole history' },
  ],
  rows: true,
  asOf: true,
  load: (): Loading => import('./list.ts'),
});

export const estimatePricing = command({
  path: 'pricing estimate',
  summary: 'Say what a use would cost',
  description:
    'Exactly as recording would price it at that time, with its parts. Ends with 3 when there is no price for it.',
  group: 'sell',
  options: [
    { flag: '--provider', value: 'name', required: true, about: 'provider as usage names it' },
    { flag: '--model', value: 'name', about: "model (the provider's default)" },
    {
      flag: '--input-tokens',
      value: 'number',
      kind: 'amount',
      min: 0,
      about: 'tokens of the prompt, cached ones included',
    },
    { flag: '--output-tokens', value: 'number', kind: 'amount', min: 0, about: 'tokens of the answer' },
    {
      flag: '--cached-tokens',
      value: 'number',
      kind: 'amount',
      min: 0,
      about: 'how many of the input tokens are cached',
    },
    {
      flag: '--cache-write-tokens',
      value: 'number',
      kind: 'amount',
      min: 0,
      about: 'tokens written to the cache',
    },
    { flag: '--requests', value: 'number', kind: 'amount', min: 0, about: 'calls, searches, images … (1)' },
    { flag: '--searches', value: 'number', kind: 'amount', min: 0, about: 'searches' },
    { flag: '--images', value: 'number', kind: 'amount', min: 0, about: 'images' },
    { flag: '--edits', value: 'number', kind: 'amount', min: 0, about: 'edits of images' },
    { flag: '--videos', value: 'number', kind: 'amount', min: 0, about: 'videos' },
    { flag: '--pages', value: 'number', kind: 'amount', min: 0, about: 'pages' },
    { flag: '--characters', value: 'number', kind: 'amount', min: 0, about: 'characters' },
    { flag: '--seconds', value: 'number', kind: 'amount', min: 0, about: 'seconds' },
    { flag: '--at', value: 'time', kind: 'instant', about: 'by the prices of this time (now)' },
  ],
  examples: [
    {
      command:
        'subctl pricing estimate --provider gemini --model gemini-2.5-flash --input-tokens 1000 --output-tokens 500',
      about: 'a call',
    },
    {
      command: 'subctl pricing estimate --provider tavily --model tavily-search --requests 7 --json',
      about: 'seven searches, for a program',
    },
  ],
  exits: [3],
  rows: true,
  asOf: true,
  load: (): Loading => import('./estimate.ts'),
});

export const pricing = [importPricing, listPricing, estimatePricing] as const;
