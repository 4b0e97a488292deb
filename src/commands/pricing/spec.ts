import { type Loading, command } from '../command.ts';

export const importPricing = command({
  path: 'pricing import',
  summary: 'Add prices of providers from a CSV file or the offline catalogue',
  description:
    'With --catalogue it takes the token prices of @pydantic/genai-prices, as they come with this version: nothing is fetched. What the ' +
    'catalogue says without a day holds since ever; when a later edition says otherwise, that holds from now on. ' +
    'A file has the columns provider, model, kind, unit, price_usd, per, effective_from, source and optionally above (the price of ' +
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
    { flag: '--catalogue', about: 'the offline catalogue in place of a file' },
    {
      flag: '--provider',
      value: 'id',
      many: true,
      about: 'with --catalogue: only this provider (all), id=name to call it otherwise here',
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
    {
      command: 'subctl pricing import --catalogue --provider openai --provider google=gemini --dry-run',
      about: 'what two providers of the catalogue would add',
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
      about: 'tokens of the prompt: cached ones are included, those written to a cache are apart',
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
      about: 'tokens written to the cache, beside the input tokens',
    },
    {
      flag: '--cache-write-1h-tokens',
      value: 'number',
      kind: 'amount',
      min: 0,
      about: 'tokens written to the cache for an hour, beside the others',
    },
    { flag: '--requests', value: 'number', kind: 'amount', min: 0, about: 'calls, searches, images … (1)' },
    { flag: '--searches', value: 'number', kind: 'amount', min: 0, about: 'searches' },
    { flag: '--images', value: 'number', kind: 'amount', min: 0, about: 'images' },
    { flag: '--edits', value: 'number', kind: 'amount', min: 0, about: 'edits of images' },
    { flag: '--videos', value: 'number', kind: 'amount', min: 0, about: 'videos' },
    { flag: '--pages', value: 'number', kind: 'amount', min: 0, about: 'pages' },
    { flag: '--characters', value: 'number', kind: 'amount', min: 0, about: 'characters' },
    { flag: '--seconds', value: 'number', kind: 'amount', min: 0, about: 'seconds' },
    {
      flag: '--units',
      value: 'json',
      kind: 'json',
      about: 'other units by name: {"audio_input_tokens": 900}',
    },
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

export const setPricing = command({
  path: 'pricing set',
  summary: 'Add a price by hand',
  description:
    'Prices are added, never edited: another amount from the same time on is a new revision. * in the model stands for anything; the most ' +
    "specific name wins, and the provider's `default` comes last. Uses that were recorded keep their cost until pricing rerate.",
  group: 'sell',
  arguments: [
    { name: 'provider', about: 'provider as usage names it' },
    { name: 'model', about: 'model, a pattern such as gpt-4o*, or default' },
    { name: 'component', about: 'what is charged: input_tokens, output_tokens, request, image, second …' },
    { name: 'amount', kind: 'amount', min: 0, about: 'in the cost currency' },
  ],
  options: [
    { flag: '--per', value: 'number', kind: 'amount', min: 0, about: 'of how many (1000000 tokens, else 1)' },
    { flag: '--from', value: 'time', kind: 'instant', about: 'holds from this time on (now)' },
    {
      flag: '--above',
      value: 'tokens=amount',
      many: true,
      about: 'amount for prompts of strictly more tokens',
    },
    { flag: '--source', value: 'name', about: 'where it comes from (manual)' },
  ],
  examples: [
    {
      command:
        "subctl pricing set openai 'gpt-5*' input_tokens 1.25 --from 2026-01-01 --reason 'price list of January'",
      about: 'dollars for a million tokens of every model of a family',
    },
    {
      command: 'subctl pricing set gemini gemini-9-pro input_tokens 1.25 --above 200000=2.50 --json',
      about: 'another price for large prompts',
    },
  ],
  exits: [4],
  rows: true,
  writes: true,
  asOf: true,
  load: (): Loading => import('./set.ts'),
});

export const pricingHistory = command({
  path: 'pricing history',
  summary: 'Show every price that was ever written, by whom and why',
  group: 'sell',
  options: [
    { flag: '--provider', value: 'name', about: 'only of this provider' },
    { flag: '--model', value: 'name', about: 'only of this model' },
  ],
  examples: [
    { command: 'subctl pricing history --provider gemini --model gemini-2.5-flash', about: 'of one model' },
    { command: 'subctl pricing history --format csv', about: 'all, for a spreadsheet' },
  ],
  rows: true,
  load: (): Loading => import('./history.ts'),
});

export const syncPricing = command({
  path: 'pricing sync',
  summary: 'Bring prices up to date with where they came from',
  description:
    'HUGGINGFACE_INPUT_TOKEN_COST and HUGGINGFACE_OUTPUT_TOKEN_COST (dollars for a token) become a dated row when they changed, and providers ' +
    'that were taken from the offline catalogue get what its present edition says. Look with --dry-run first.',
  group: 'sell',
  examples: [
    { command: 'subctl pricing sync --dry-run', about: 'what would change' },
    { command: 'subctl pricing sync --json', about: 'for a program' },
  ],
  rows: true,
  writes: true,
  asOf: true,
  load: (): Loading => import('./sync.ts'),
});

export const pricing = [
  importPricing,
  listPricing,
  setPricing,
  pricingHistory,
  estimatePricing,
  syncPricing,
] as const;
