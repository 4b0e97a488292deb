import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    [
      'subctl reservations release ann 019b76da-a800-7000-8000-000000000003 --reason "worker died"',
      'free the reserved amount at once',
    ],
    ['subctl reservations release ann 019b76da-a800-7000-8000-000000000003 --dry-run', 'preview the result'],
  ],
  exits: [3, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'The same as usage release. An expired reservation no longer holds anything; the task prune ' +
      'records its expiry.',
  )
  .argument('<customer>', 'id of the customer')
  .argument('<reservation>', 'id of the reservation');

export { run } from '../usage/release.ts';
