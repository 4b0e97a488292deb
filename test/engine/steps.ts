import type { Connection } from '../../src/database/connect.ts';

/** An argument of a step: a composite by its type, or a value with its SQL type. */
export type Argument = readonly [type: string, value: unknown];

const composites = new Set([
  'usage_request',
  'usage_standing',
  'usage_measure',
  'usage_amounts',
  'usage_count',
  'usage_tally',
  'usage_verdict',
  'plan_rules',
  'reservations',
]);

/** What every request has where a test says nothing else. */
const usual: Record<string, object> = {
  usage_request: {
    mode: 'record',
    customer: 'ann',
    kind: 'llm',
    quantity: 1,
    already_spent: false,
    partial: false,
  },
  usage_standing: {
    now: '2026-03-10T12:00:00Z',
    at: '2026-03-10T12:00:00Z',
    event_id: '019cd79e-4600-7000-8000-000000000001',
    is_simple: true,
    is_late: false,
    is_new: false,
    has_overrides: false,
    plan_id: 'basic',
    version: 1,
    anchor: '2026-03-01T00:00:00Z',
    anchor_timezone: 'UTC',
    period_start: '2026-03-01T00:00:00Z',
    period_end: '2026-04-01T00:00:00Z',
    usage_from: '2026-03-01T00:00:00Z',
    epoch: 1,
  },
  usage_measure: {
    kind: 'llm',
    quantity: 1,
    tier: 'paid',
    multiplier: 1,
    is_estimated: false,
    is_unpriced: false,
    is_excluded: false,
  },
  usage_count: {
    window_id: 1,
    meter: 'messages',
    win: 'month',
    win_kind: 'month',
    scope: 'customer',
    subject: '',
    field: 'quantity',
    is_hard: true,
    restarts: true,
    kept: 'slot',
    slot: 1,
    starts: '2026-03-01T00:00:00Z',
    ends: '2026-04-01T00:00:00Z',
    is_closed: false,
    has_later: false,
    limit_value: 10,
    used: 0,
    asked: 1,
  },
  usage_tally: {
    epoch: 1,
    plan_id: 'basic',
    version: 1,
    ids: [],
    starts: [],
    ends: [],
    used: [],
    refused: [],
    generation: 0,
    has_history: true,
    is_stale: false,
    ends_moved: false,
    rules_over: false,
    counts: [],
    is_exceeded: false,
  },
  usage_verdict: { is_overage: false },
};

/** Completes what a test says of a composite with what is usual. */
export const made = (type: string, given: object = {}): object => ({ ...usual[type], ...given });
export const request = (given: object = {}): Argument => ['usage_request', made('usage_request', given)];
export const standing = (given: object = {}): Argument => ['usage_standing', made('usage_standing', given)];
export const measure = (given: object = {}): Argument => ['usage_measure', made('usage_measure', given)];
export const counted = (given: object = {}): Argument => ['usage_count', made('usage_count', given)];
export const verdict = (given: object = {}): Argument => ['usage_verdict', made('usage_verdict', given)];
export const tally = ({
  counts = [],
  ...given
}: { counts?: object[]; [key: string]: unknown } = {}): Argument => [
  'usage_tally',
  made('usage_tally', { ...given, counts: counts.map((count) => made('usage_count', count)) }),
];
export const counts = (...given: object[]): Argument => [
  'usage_count[]',
  given.map((count) => made('usage_count', count)),
];

/** Calls one step of the engine with its arguments, and gives what it returns as JSON. */
export async function call<T = Record<string, unknown>>(
  sql: Connection,
  step: string,
  ...args: Argument[]
): Promise<T> {
  const written = args.map(([type], i) =>
    composites.has(type)
      ? `jsonb_populate_record(null::subctl.${type}, $${i + 1}::text::jsonb)`
      : type === 'usage_count[]'
        ? `array(select x from jsonb_populate_recordset(null::subctl.usage_count, $${i + 1}::text::jsonb) x)`
        : `$${i + 1}::text::${type}`,
  );
  const values = args.map(([type, value]) =>
    composites.has(type) || type === 'usage_count[]' || type === 'jsonb'
      ? JSON.stringify(value)
      : (value as string | null),
  );
  const rows = await sql.unsafe(
    `select to_jsonb(x.answer) as answer from (select subctl_internal.${step}(${written.join(', ')}) as answer) x`,
    values,
  );
  return rows[0]!['answer'] as T;
}
