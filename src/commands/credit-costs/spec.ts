import { type Loading, command } from '../command.ts';

export const listCreditCosts = command({
  path: 'credit-costs list',
  summary: 'List what uses cost in credits',
  group: 'sell',
  examples: [
    { command: 'subctl credit-costs list', about: 'by plan and kind' },
    { command: 'subctl credit-costs list --json', about: 'for a program' },
  ],
  rows: true,
  load: (): Loading => import('./list.ts'),
});

export const setCreditCost = command({
  path: 'credit-costs set',
  summary: 'Set what one use of a kind costs in credits',
  group: 'sell',
  arguments: [
    { name: 'kind', about: 'kind of use, such as image' },
    {
      name: 'amount',
      kind: 'amount',
      min: 0,
      or: ['none'],
      about: 'credits above 0 and up to 1000, such as 0.03, or none for no cost',
    },
  ],
  options: [
    { flag: '--plan', value: 'plan', about: 'on this plan alone (every plan)' },
    { flag: '--new-kind', about: 'make the kind when it is not known' },
    {
      flag: '--cost',
      value: 'cost',
      kind: 'choice',
      choices: ['priced', 'none'],
      about: 'what its uses cost at a provider, on every plan: what the prices say, or nothing',
    },
  ],
  examples: [
    { command: 'subctl credit-costs set image 1', about: 'an image costs a credit' },
    {
      command: 'subctl credit-costs set lora_training 40 --new-kind --dry-run',
      about: 'a feature of your own',
    },
    {
      command: 'subctl credit-costs set backup none --new-kind --cost none --dry-run',
      about: 'a kind of use that costs nothing',
    },
  ],
  exits: [3],
  rows: true,
  writes: true,
  asOf: true,
  load: (): Loading => import('./set.ts'),
});

export const creditCosts = [listCreditCosts, setCreditCost] as const;
