import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    [
      'subctl reservations release ann 019b76da-a800-7000-8000-000000000003 --reason "worker died"',
      'ann can use it at once',
    ],
    ['subctl reservations release ann 019b76da-a800-7000-8000-000000000003 --dry-run', 'see how it stands'],
  ],
  exits: [3, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'The same as usage release. One whose time is over holds nothing any more; prune writes that ' + 'down.',
  )
  .argument('<customer>', 'id of the customer')
  .argument('<reservation>', 'id of the reservation');

export { run } from '../usage/release.ts';
