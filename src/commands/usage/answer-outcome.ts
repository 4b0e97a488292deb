import type { Column, RecordOutcome } from '../../terminal/outcome.ts';
import { bar } from '../../terminal/bar.ts';
import type { Answer, Use } from '../../usage/use.ts';
import { Failure } from '../../domain/failure.ts';

/** Units as options: common ones have their own option. */
interface Units {
  units?: unknown;
  bytes?: string | undefined;
  characters?: string | undefined;
  pages?: string | undefined;
  seconds?: string | undefined;
}
type UseInput = Omit<Use, 'units'> & Units;

/** Returns the usage event from the options of record and check. @throws Failure usage if --units is not an object */
export function useOf(input: UseInput): Use {
  return unitsOf(input);
}

/** Merges units from separate options and --units. @throws Failure usage if --units is not an object */
export function unitsOf<T extends Units>({ units, bytes, characters, pages, seconds, ...rest }: T) {
  if (units !== undefined && (typeof units !== 'object' || units === null || Array.isArray(units)))
    throw new Failure('usage', '--units is not a JSON object', {
      hint: 'Give an object: --units \'{"seconds": 12}\'',
    });
  const named = Object.entries({ bytes, characters, pages, seconds }).filter(
    ([, value]) => value !== undefined,
  );
  const all: Record<string, unknown> = { ...units, ...Object.fromEntries(named) };
  return { ...rest, units: Object.keys(all).length > 0 ? all : undefined };
}

const columns: Column[] = [
  { key: 'meter' },
  { key: 'window' },
  { key: 'scope', optional: true },
  { key: 'used', align: 'right' },
  { key: 'limit', align: 'right', show: (limit) => (limit === null ? 'unlimited' : String(limit)) },
  { key: 'remaining', title: 'left', align: 'right', optional: true },
  { key: 'percent', title: '%', align: 'right' },
  { key: 'bar', title: '', optional: true },
  { key: 'resets_at', title: 'resets' },
];

/** The output of an answer: one sentence and the affected limits; with `all` also meters without a limit. */
export function answerOutcome(
  answer: Answer,
  { all, timezone, sentence }: { all: boolean; timezone: string; sentence: string },
): RecordOutcome {
  const rows = answer.limits
    .filter((limit) => all || limit.limit !== null)
    .map((limit) => ({
      ...limit,
      bar: bar(limit.percent),
      resets_at: limit.resets_at && new Date(limit.resets_at),
    }));
  const credits = answer.credits && creditsSentence(answer.credits);
  const alerts = answer.alerts.map(
    ({ meter, window, threshold }) => `${meter} per ${window} has reached ${threshold} %`,
  );
  const breaches = answer.limits.filter(({ exceeded }) => exceeded);
  return {
    record: { ...answer },
    timezone,
    sections: [
      {
        entries: [
          [answer.allowed ? 'allowed' : 'refused', sentence],
          ...availableAgain(answer),
          ...(answer.estimated ? [estimatedEntry] : []),
          ...(answer.cost === null ? [] : ([['cost', answer.cost]] as [string, unknown][])),
          ...(credits ? ([['credits', credits]] as [string, unknown][]) : []),
          ...alerts.map((alert): [string, unknown] => ['alert', alert]),
          ...(all && breaches.length > 1
            ? breaches.map((l): [string, unknown] => [
                'exceeded',
                `${l.meter} per ${l.window}: ${l.used} used of ${l.limit}, ${l.requested} requested`,
              ])
            : []),
        ],
      },
      ...(rows.length > 0 ? [{ columns: columnsFor(answer), rows }] : []),
    ],
  };
}

/** Shown for an event without token counts. */
export const estimatedEntry: [string, unknown] = ['estimated', 'its tokens are an estimate (R18)'];

/** The sentence for a refusal: its message, else its reason code. */
export function refusalSentence(answer: Answer): string {
  return answer.message ?? answer.reason ?? '';
}

/** Shows the scope only if a member's limit is among the limits. */
function columnsFor({ limits }: Answer): Column[] {
  return limits.some(({ scope }) => scope === 'member')
    ? columns
    : columns.filter(({ key }) => key !== 'scope');
}

/** The credits of a usage event, reservation or refusal. */
function creditsSentence({ needed, held, used, balance, available }: NonNullable<Answer['credits']>): string {
  if (needed) return `${needed} needed, ${balance} left`;
  if (used === undefined) return `${held} reserved, ${available} of ${balance} available`;
  return `${used} used, ${balance} left`;
}

/** When the usage is available again; credits have their own time. */
function availableAgain(answer: Answer): [string, unknown][] {
  const at = answer.resets_at ?? answer.credits?.['resets_at'];
  return at ? [['available again', new Date(at)]] : [];
}
