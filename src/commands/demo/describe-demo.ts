import type { RecordOutcome } from '../../terminal/outcome.ts';
import type { Filled } from './fill.ts';

const tries: readonly [string, string][] = [
  ['subctl usage-report summary', 'the whole business on one page'],
  ['subctl usage-report top --by calls', 'who uses the most'],
  ['subctl customers show ada', 'one customer'],
  ['subctl usage show ada', "a customer's limits, windows and credits"],
  ['subctl usage record ada --kind llm --quantity 1', 'record a use; it is refused beyond the limit'],
  ['subctl jobs upcoming --within 30d', 'what the tasks will do'],
  ['subctl audit list', 'who changed what, and why'],
];

/** What the demo holds and what to try; `filled` is undefined when it was there already. */
export function describeDemo(home: string, filled: Filled | undefined): RecordOutcome {
  return {
    record: { home, made: filled !== undefined, ...filled, try: tries.map(([line]) => line) },
    sections: [
      {
        entries: [
          ['Demo database', `${filled ? 'made' : 'there already'} in ${home}`],
          ...(filled ? entriesOf(filled) : []),
          ['In this shell', `export SUBCTL_HOME='${home}' DATABASE_URL=`],
          ['Throw it away', `subctl db stop && rm -r '${home}'`],
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
    ['Uses recorded', recorded],
    ['Uses refused', refused],
  ];
}
