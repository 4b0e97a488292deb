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

interface Told {
  dryRun: boolean;
  /** those that were given */
  prices: readonly Price[];
  /** further lines for people */
  contents?: readonly (readonly [string, string])[];
}

/** How the saving of one plan is told. A price that is finer than its currency is noted. */
export function savedOutcome(saved: SavedPlan, { dryRun, prices, contents = [] }: Told): Outcome {
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

/** How many stay on the version before. */
function stayingWord({ staying, version }: Pick<SavedPlan, 'staying' | 'version'>): string {
  return `${staying} stay${staying === 1 ? 's' : ''} on the version before; new ones get version ${version}`;
}
