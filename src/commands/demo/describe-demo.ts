import type { RecordOutcome } from '../../terminal/outcome.ts';
import type { Filled } from './fill.ts';

const tries: readonly [string, string][] = [
  ['subctl usage-report summary', 'the whole business on one page'],
  ['subctl usage-report top --by calls', 'the customers with the most usage'],
  ['subctl customers show ada', 'one customer'],
  ['subctl usage show ada', "a customer's limits, windows and credits"],
  ['subctl usage record ada --kind llm --quantity 1', 'record usage; it is refused beyond the limit'],
  ['subctl jobs upcoming --within 30d', 'upcoming resets, expiries and renewals'],
  ['subctl audit list', 'who changed what, and why'],
];

/** Describes the demo and what to try; `filled` is undefined when it already existed. */
export function describeDemo(home: string, filled: Filled | undefined): RecordOutcome {
  return {
    record: { home, made: filled !== undefined, ...filled, try: tries.map(([line]) => line) },
    sections: [
      {
        entries: [
          ['Demo database', `${filled ? 'created' : 'already exists'} in ${home}`],
          ...(filled ? entriesOf(filled) : []),
          ['In this shell', `export SUBCTL_HOME='${home}' DATABASE_URL=`],
          ['Remove it', `subctl db stop && rm -r '${home}'`],
        ],
      },
      { title: 'Then try', entries: tries },
    ],
  };
}

function entriesOf({ customers, subscriptions, recorded, refused }: Filled): [string, unknown][] {
  return [
    ['Customers', customers],
    ['Subscriptions', subscriptions],
    ['Usage events recorded', recorded],
    ['Usage events refused', refused],
  ];
}
