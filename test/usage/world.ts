import type { Connection } from '../../src/database/connect.ts';

/** A meter in short: what it counts and how much of each event. */
export interface MeterFacts {
  kinds?: string[];
  providers?: string[];
  tier?: 'free' | 'paid';
  field?: string;
  aggregation?: 'sum' | 'count';
}

export interface PlanFacts {
  /** `limits.messages.day = 5`; null is unlimited; a pair gives the enforcement: `[5, 'soft']` */
  limits?: Record<string, Record<string, Limit>>;
  memberLimits?: Record<string, Record<string, Limit>>;
  credits?: string;
  creditsEvery?: string;
  rollover?: string;
  seats?: number;
  allowedModels?: string[];
  isDefault?: boolean;
  fallback?: 'default' | 'none';
  every?: string;
}
type Limit = string | number | null | [string | number, 'soft' | 'overage'];

const start = '2020-01-01T00:00:00Z';

/** The kinds and meters that most tests want. */
export const meters: Record<string, MeterFacts> = {
  messages: { kinds: ['llm'], tier: 'paid' },
  tokens: { kinds: ['llm'], tier: 'paid', field: 'tokens' },
  free_messages: { kinds: ['llm'], tier: 'free' },
  free_tokens: { kinds: ['llm'], tier: 'free', field: 'tokens' },
  images: { kinds: ['image'] },
  calls: { aggregation: 'count' },
  cost_usd: { field: 'cost' },
  voice_tokens: { kinds: ['stt', 'tts', 'voice'], field: 'tokens' },
  files: { kinds: ['file'] },
  file_bytes: { kinds: ['file'], field: 'bytes' },
  'calls.gemini': { providers: ['gemini'] },
  'calls.text': { kinds: ['llm'], providers: ['gemini', 'openai', 'anthropic', 'mistral'] },
};

/** Kinds, meters, credit costs: the part of a catalogue that plans hang from. */
export async function lay(
  sql: Connection,
  wanted: Record<string, MeterFacts> = meters,
  costs: Record<string, string> = {},
): Promise<void> {
  const kinds = {
    llm: 'llm',
    message: 'llm',
    image: 'image',
    stt: 'stt',
    tts: 'tts',
    voice: 'voice',
    file: 'file',
    search: 'search',
  };
  for (const id of [...Object.keys(kinds), ...Object.keys(costs)])
    await sql`insert into subctl.kinds values (${id}, ${kinds[id as 'llm'] ?? id}) on conflict do nothing`;
  for (const [id, { kinds, providers, tier, field = 'quantity', aggregation = 'sum' }] of Object.entries(
    wanted,
  ))
    await sql`
      insert into subctl.meters (id, name, kinds, providers, tier, field, aggregation)
      values (${id}, ${id}, ${kinds ?? null}::text[], ${providers ?? null}::text[], ${tier ?? null}, ${field}, ${aggregation})`;
  for (const [kind, amount] of Object.entries(costs))
    await sql`insert into subctl.credit_costs (plan_id, kind, amount) values ('', ${kind}, ${amount})`;
}

/** Version 1 of a plan, compiled. */
export async function plan(sql: Connection, id: string, facts: PlanFacts = {}, version = 1): Promise<void> {
  const { limits = {}, memberLimits = {}, every = '1mo' } = facts;
  await sql`
    insert into subctl.plans (id, name, is_default, current_version, created_at, fallback)
    values (${id}, ${id}, ${facts.isDefault ?? false}, ${version}, ${start}, ${facts.fallback ?? 'default'})
    on conflict (id) do update set current_version = excluded.current_version`;
  await sql`
    insert into subctl.plan_versions (plan_id, version, created_at, credits, credits_every, rollover_max, max_users, allowed_models)
    values (${id}, ${version}, ${start}, ${facts.credits ?? null}, ${facts.creditsEvery ?? null}, ${facts.rollover ?? null}, ${facts.seats ?? null},
            ${facts.allowedModels ?? null}::text[])`;
  await sql`insert into subctl.plan_prices values (${id}, ${version}, ${every}, 'USD', 0, null)`;
  for (const [scope, meterLimits] of [
    ['customer', limits],
    ['member', memberLimits],
  ] as const)
    for (const [meter, windows] of Object.entries(meterLimits))
      for (const [window, limit] of Object.entries(windows)) {
        const [value, mode] = Array.isArray(limit) ? limit : [limit, 'hard'];
        await sql`
          insert into subctl.plan_limits (plan_id, version, meter_id, "window", scope, limit_value, enforcement, overage_price, overage_per)
          values (${id}, ${version}, ${meter}, ${window}, ${scope}, ${value}, ${mode}, ${mode === 'overage' ? '0.01' : null}, ${mode === 'overage' ? '1' : null})`;
      }
  await sql`select subctl_internal.compile_all()`;
}

export async function customer(
  sql: Connection,
  id: string,
  { zone = null as string | null, at = start, kind = 'user' } = {},
): Promise<string> {
  await sql`select subctl_internal.create_customer(${id}, ${at}, null, 'test', ${kind}, ${zone})`;
  return id;
}

/** A live subscription of `who` to version `version` of a plan from `at` on. */
export async function subscribe(
  sql: Connection,
  who: string,
  to: string,
  {
    at,
    every = '1mo',
    autoRenew = true,
    version = 1,
  }: { at: string; every?: string; autoRenew?: boolean; version?: number },
): Promise<void> {
  await sql`
    select subctl_internal.start_subscriptions(array[${who}], array[${at}]::timestamptz[], ${to}, ${version}, ${every}, null, null, 'free', 0, ${autoRenew}, null,
      'test', null, 'assigned', null, ${at}, 'test')`;
}

/** The arguments of record_usage and check_usage. */
export interface Use {
  customer: string;
  kind?: string;
  as_of: string | Date;
  at?: string | Date;
  quantity?: string | number;
  provider?: string;
  model?: string;
  input_tokens?: string | number;
  output_tokens?: string | number;
  cached_tokens?: string | number;
  units?: object;
  cost?: string;
  member?: string;
  session?: string;
  status?: string;
  latency_ms?: number;
  key?: string;
  already_spent?: boolean;
  partial?: boolean;
}

export interface Answer {
  allowed: boolean | null;
  reason: string | null;
  message?: string;
  meter?: string;
  window?: string;
  used?: string;
  limit?: string;
  scope?: string;
  requested?: string;
  resets_at?: string | null;
  event_id: string | null;
  replayed: boolean;
  cost: string | null;
  limits: {
    meter: string;
    window: string;
    scope: string;
    used: string;
    limit: string | null;
    percent: string | null;
    remaining: string | null;
    window_start: string | null;
    resets_at: string | null;
    requested?: string;
    exceeded?: boolean;
  }[];
  credits: { used: string; balance: string; needed?: string } | null;
  alerts: { meter: string; window: string; threshold: string }[];
  overage?: boolean;
  partial?: boolean;
  asked?: string;
  quantity?: string;
}

/** Calls the SQL function with the arguments that are given, by name, as an application does. */
async function call(sql: Connection, name: string, use: Use): Promise<Answer> {
  const given = Object.entries({ kind: 'llm', ...use }).filter(([, value]) => value !== undefined);
  const values = given.map(([key, value]) =>
    value instanceof Date
      ? value.toISOString()
      : key === 'units'
        ? JSON.stringify(value)
        : value === true || value === false
          ? String(value)
          : String(value),
  );
  const types: Record<string, string> = {
    as_of: 'timestamptz',
    at: 'timestamptz',
    quantity: 'numeric',
    latency_ms: 'int',
    input_tokens: 'numeric',
    output_tokens: 'numeric',
    cached_tokens: 'numeric',
    units: 'jsonb',
    cost: 'numeric',
    already_spent: 'boolean',
    partial: 'boolean',
  };
  const list = given.map(([key], i) => `${key} => $${i + 1}::text::${types[key] ?? 'text'}`).join(', ');
  const rows = await sql.unsafe(`select subctl.${name}(${list}) as answer`, values);
  return rows[0]!['answer'] as Answer;
}

export const record = (sql: Connection, use: Use): Promise<Answer> => call(sql, 'record_usage', use);
export const check = (sql: Connection, use: Use): Promise<Answer> => call(sql, 'check_usage', use);

/** `used` of one limit in an answer. */
export function used(answer: Answer, meter: string, window: string): string | undefined {
  return answer.limits.find((l) => l.meter === meter && l.window === window)?.used;
}

/** Everything that a use may write, with the versions of its rows, as one text. */
export async function everything(sql: Connection): Promise<string> {
  const tables = [
    'usage_events',
    'usage_keys',
    'customer_windows',
    'usage_totals',
    'usage_counters',
    'usage_rolling_totals',
    'usage_adjustments',
    'alerts',
    'credit_grants',
    'credit_entries',
    'customers',
    'members',
    'changes',
  ];
  const parts: string[] = [];
  for (const name of tables) {
    const rows = await sql.unsafe(
      `select coalesce(string_agg(t.xmin::text || t.ctid::text || t::text, ',' order by t.ctid::text), '') as x from subctl.${name} t`,
    );
    parts.push(`${name}: ${rows[0]!['x']}`);
  }
  return parts.join('\n');
}
