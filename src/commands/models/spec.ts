import { type Loading, command } from '../command.ts';

export const listModels = command({
  path: 'models list',
  summary: 'List models that are free, multiplied or have other names',
  group: 'sell',
  examples: [
    { command: 'subctl models list', about: 'by provider and pattern' },
    { command: 'subctl models list --format csv', about: 'for a spreadsheet' },
  ],
  rows: true,
  load: (): Loading => import('./list.ts'),
});

export const setModel = command({
  path: 'models set',
  summary: 'Say of models whether they are free, what their tokens weigh and what else they are called',
  description: 'A pattern has * for any letters. Usage that is recorded already stays as it is.',
  group: 'sell',
  arguments: [
    { name: 'provider', about: 'provider as usage names it' },
    { name: 'pattern', about: 'name of the model, * for any letters' },
  ],
  options: [
    {
      flag: '--tier',
      value: 'tier',
      kind: 'choice',
      choices: ['free', 'paid'],
      about: 'which allowance they use',
    },
    {
      flag: '--multiplier',
      value: 'number',
      kind: 'amount',
      min: 0,
      about: 'what their tokens are multiplied with',
    },
    { flag: '--alias', value: 'name', many: true, about: 'another name of the model; replaces those it had' },
  ],
  examples: [
    { command: "subctl models set openrouter '*:free' --tier free", about: 'free models of a provider' },
    {
      command: 'subctl models set openai gpt-4o --multiplier 1.5 --dry-run',
      about: 'tokens that count one and a half times',
    },
  ],
  rows: true,
  writes: true,
  asOf: true,
  load: (): Loading => import('./set.ts'),
});

export const models = [listModels, setModel] as const;
