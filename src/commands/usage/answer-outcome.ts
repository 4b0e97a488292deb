import type { Column, RecordOutcome } from '../../terminal/outcome.ts';
import { bar } from '../../terminal/bar.ts';
import type { Answer, Use } from '../../usage/use.ts';
import { Failure } from '../../domain/failure.ts';

/** Units as they are read: common ones may be given by name. */
interface Units {
  units?: unknown;
  bytes?: string | undefined;
  characters?: string | undefined;
  pages?: string | undefined;
  seconds?: string | undefined;
}
type UseInput = Omit<Use, 'units'> & Units;

/** The use that the options of record and check tell. Failure usage for units that are no object. */
export function useOf(input: UseInput): Use {
  return unitsOf(input);
}

/** Units given by name and as JSON, together. Failure usage for units that are no object. */
export function unitsOf<T extends Units>({ units, bytes, characters, pages, seconds, ...rest }: T) {
  if (units !== undefined && (typeof units !== 'object' || units === null || Array.isArray(units)))
    throw new Failure('usage', 'The units are no object', { hint: '--units \'{"seconds": 12}\'' });
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

/** What a person sees of an answer: one sentence, and the limits that were touched; with `all` those without a limit too. */
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
          ...roomAgain(answer),
          ...(answer.estimated ? [estimatedEntry] : []),
          ...(answer.cost === null ? [] : ([['cost', answer.cost]] as [string, unknown][])),
          ...(credits ? ([['credits', credits]] as [string, unknown][]) : []),
          ...alerts.map((alert): [string, unknown] => ['alert', alert]),
          ...(all && breaches.length > 1
            ? breaches.map((l): [string, unknown] => [
                'does not fit',
                `${l.meter} per ${l.window}: ${l.used} used of ${l.limit}, ${l.requested} asked`,
              ])
            : []),
        ],
      },
      ...(rows.length > 0 ? [{ columns: columnsFor(answer), rows }] : []),
    ],
  };
}

/** Said of a use whose tokens nobody counted. */
export const estimatedEntry: [string, unknown] = ['estimated', 'its tokens are an estimate (R18)'];

/** `limit_reached` and its kin as a sentence; a refusal's own message says most. */
export function refusalSentence(answer: Answer): string {
  return answer.message ?? answer.reason ?? '';
}

/** Whose limit it is is said where a member's is among them. */
function columnsFor({ limits }: Answer): Column[] {
  return limits.some(({ scope }) => scope === 'member')
    ? columns
    : columns.filter(({ key }) => key !== 'scope');
}

/** What a use, a hold or a refusal means for the credits. */
function creditsSentence({ needed, held, used, balance, available }: NonNullable<Answer['credits']>): string {
  if (needed) return `${needed} needed, ${balance} left`;
  if (used === undefined) return `${held} held, ${available} of ${balance} free`;
  return `${used} used, ${balance} left`;
}

/** When there is room again; credits have an instant of their own. */
function roomAgain(answer: Answer): [string, unknown][] {
  const at = answer.resets_at ?? answer.credits?.['resets_at'];
  return at ? [['room again', new Date(at)]] : [];
}
