import { differenceWord } from '../../catalog/differences.ts';
import type { Price } from '../../catalog/catalogue.ts';
import type { SavedPlan } from '../../catalog/save-plan.ts';
import { finerPriceNote } from '../../domain/currency.ts';
import type { Outcome } from '../../terminal/outcome.ts';

const did = { created: 'Created', edited: 'Changed', versioned: 'Changed', unchanged: 'Unchanged' } as const;
const would = {
  created: 'Would create',
  edited: 'Would change',
  versioned: 'Would change',
  unchanged: 'Unchanged',
} as const;

interface SavedOptions {
  dryRun: boolean;
  /** the prices given on the command line */
  prices: readonly Price[];
  /** more lines of the text output */
  contents?: readonly (readonly [string, string])[];
}

/** The output for one saved plan. Adds a note for a price with more decimals than its currency has. */
export function savedOutcome(saved: SavedPlan, { dryRun, prices, contents = [] }: SavedOptions): Outcome {
  const { plan, action, version, staying, differences } = saved;
  return {
    record: { plan, action, version, staying, differences, dry_run: dryRun },
    notes: prices.map(finerPriceNote).filter((note) => note !== undefined),
    sections: [
      {
        entries: [
          [(dryRun ? would : did)[action], `plan ${plan}, version ${version}`],
          ...differences.map((each) => ['', differenceWord(each)] as const),
          ...(action === 'versioned' ? [['subscribers', stayingWord(saved)] as const] : []),
          ...contents,
        ],
      },
    ],
  };
}

/** How many subscribers stay on the earlier version. */
function stayingWord({ staying, version }: Pick<SavedPlan, 'staying' | 'version'>): string {
  return `${staying} stay${staying === 1 ? 's' : ''} on the earlier version; new subscribers get version ${version}`;
}
