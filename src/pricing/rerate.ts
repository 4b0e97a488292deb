import Big from 'big.js';
import { compareText } from '../domain/compare.ts';
import { callRows } from '../database/call.ts';
import { type ChangeRequest, audit, recordChange } from '../database/change.ts';
import type { Connection, Db } from '../database/connect.ts';
import { type EventSpan, findEventSpan } from '../database/event-span.ts';
import { inTransaction } from '../database/transaction.ts';

/** Selects the uses to rerate with the present price list for their own time. */
export interface RerateRequest {
  customer?: string | undefined;
  provider?: string | undefined;
  model?: string | undefined;
  /** included; from the beginning by default */
  from?: Date | undefined;
  /** excluded; no end by default */
  to?: Date | undefined;
  /** also uses with a price, where the list has another now; else only those without a price */
  priced: boolean;
}

/** The cost of one model's uses before and after, in the cost currency. */
export interface RerateLine {
  /** null: of uses without a model, whose kind costs nothing */
  provider: string | null;
  model: string | null;
  events: number;
  before: string;
  after: string;
}

export interface Rerated {
  events: number;
  customers: number;
  before: string;
  after: string;
  lines: RerateLine[];
}

interface Repriced {
  id: string;
  at: Date;
  provider: string | null;
  model: string | null;
  cost_before: string | null;
  cost_after: string;
  unpriced_before: boolean;
  price_before: Date | null;
  price_after: Date;
}

const customersAtOnce = 50;

/** Computes what a rerate would change; writes nothing. */
export async function previewRerate(db: Db, request: RerateRequest): Promise<Rerated> {
  const span = await findEventSpan(db, request);
  const rows = await db<(RerateLine & { customers: string[] })[]>`
    select provider, model, count(*)::int as events, array_agg(distinct customer_id) as customers,
           trim_scale(coalesce(sum(cost_before), 0))::text as before, trim_scale(sum(cost_after))::text as after
      from ${rerating(db, request, span)} group by 1, 2`;
  return summed(
    rows.map(({ customers: _, ...line }) => line),
    new Set(rows.flatMap(({ customers }) => customers)).size,
  );
}

/**
 * Rerates uses with the price of their own time as the list has it now (R25): the cost of the event and of every window that counts it;
 * closed windows get an adjustment. Works through the customers, some of them per transaction and change, so it can be stopped and run
 * again. Each event is audited with its previous cost.
 */
export async function rerateUsage(
  connection: Connection,
  change: ChangeRequest,
  request: RerateRequest,
  onProgress: (customers: number) => void = () => undefined,
): Promise<Rerated> {
  const span = await findEventSpan(connection, request);
  const customers = await connection<{ id: string }[]>`
    select distinct customer_id as id from ${rerating(connection, request, span)} order by 1`;
  const lines = new Map<string, RerateLine>();
  let touched = 0;
  for (let at = 0; at < customers.length; at += customersAtOnce) {
    const ids = customers.slice(at, at + customersAtOnce).map(({ id }) => id);
    const rows = await inTransaction(connection, (tx) => reratePage(tx, change, request, ids));
    touched += new Set(rows.map(({ customer }) => customer)).size;
    for (const row of rows) addTo(lines, row);
    onProgress(at + ids.length);
  }
  return summed([...lines.values()], touched);
}

async function reratePage(
  tx: Db,
  request: ChangeRequest,
  asked: RerateRequest,
  customers: readonly string[],
): Promise<(Repriced & { customer: string })[]> {
  const change = await recordChange(tx, request);
  const all: (Repriced & { customer: string })[] = [];
  for (const customer of customers) {
    const { from = '-infinity', to = 'infinity', provider = null, model = null, priced } = asked;
    const rows = (await callRows(tx, 'subctl_internal.rerate_usage', {
      p_customer: customer,
      p_from_at: from,
      p_to_at: to,
      p_of_provider: provider,
      p_of_model: model,
      p_priced: priced,
      p_as_of: change.at,
    })) as Repriced[];
    await audit(
      tx,
      change,
      rows.map((row) => ({
        customer,
        entity: 'usage_event',
        key: row.id,
        before: { cost: row.cost_before, unpriced: row.unpriced_before, price_from: row.price_before },
        after: { cost: row.cost_after, unpriced: false, price_from: row.price_after },
      })),
    );
    for (const row of rows) all.push({ ...row, customer });
  }
  return all;
}

function rerating(db: Db, { customer, provider, model, priced }: RerateRequest, span: EventSpan) {
  return db`subctl_internal.rerating(${customer ?? null}, ${span.from}, ${span.to}, ${provider ?? null}, ${model ?? null}, ${priced})`;
}

function addTo(lines: Map<string, RerateLine>, { provider, model, ...cost }: Repriced): void {
  const key = JSON.stringify([provider, model]);
  const line = lines.get(key) ?? { provider, model, events: 0, before: '0', after: '0' };
  line.events += 1;
  line.before = new Big(line.before).plus(cost.cost_before ?? 0).toFixed();
  line.after = new Big(line.after).plus(cost.cost_after).toFixed();
  lines.set(key, line);
}

function summed(lines: RerateLine[], customers: number): Rerated {
  const sum = (of: (line: RerateLine) => string) =>
    lines.reduce((total, line) => total.plus(of(line)), new Big(0)).toFixed();
  const nameOf = ({ provider, model }: RerateLine) => `${provider ?? ''} ${model ?? ''}`;
  return {
    events: lines.reduce((total, { events }) => total + events, 0),
    customers,
    before: sum(({ before }) => before),
    after: sum(({ after }) => after),
    lines: lines.sort((one, other) => compareText(nameOf(one), nameOf(other))),
  };
}
