import { type Loading, command } from '../command.ts';
import { amountOptions } from './use-options.ts';

export const explainUsage = command({
  path: 'usage explain',
  summary: 'Say why a use is allowed or refused, or how a recorded one was decided',
  description:
    'With the id of an event: which plan version, limits, prices and grants took part, as they were then, also of closed months and of plans that were changed since. ' +
    'With a kind or a meter: which limit refuses, with its window, sum, reservations and own limits, when it works again and which plan would cover it. ' +
    'Every figure names the rule that decided it (docs/rules.md) and the rows that were looked at. Writes nothing.',
  group: 'use',
  arguments: [
    { name: 'customer', about: 'id of the customer' },
    { name: 'what', about: 'id of an event, or a kind or meter: llm, image, messages …' },
  ],
  options: [
    ...amountOptions,
    { flag: '--all', about: 'every limit in full, those too that are only counted' },
  ],
  examples: [
    {
      command: 'subctl usage explain ann messages --quantity 250',
      about: 'why ann may not send 250 messages, and when she may',
    },
    {
      command: 'subctl usage explain ann 019b76da-a800-7000-8000-000000000001 --json',
      about: 'how a recorded use was decided, for a program',
    },
  ],
  exits: [3],
  rows: true,
  asOf: true,
  load: (): Loading => import('./explain.ts'),
});
