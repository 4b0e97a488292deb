import Big from 'big.js';
import type { Change } from '../database/change.ts';
import type { Row } from '../database/columns.ts';
import type { Db } from '../database/connect.ts';
import type { invoices } from '../database/schema/invoices.ts';
import type { invoiceLines } from '../database/schema/invoices.ts';
import { uuid7 } from '../database/uuid7.ts';
import { type Share, roundMoney, splitMoney, sumOf } from '../domain/money.ts';

export interface InvoiceLine {
  kind: 'plan' | 'unused' | 'seats';
  description: string;
  /** exact, not rounded; credits are negative */
  amount: Share;
  periodStart: Date;
  periodEnd: Date;
  /** of a credit: the part that belongs to each invoice, and what was kept of that invoice */
  credits?: readonly { invoice: string; part: number; kept: string }[];
}

export interface InvoiceDraft {
  customer: string;
  subscription: string;
  /** what it is for */
  plan: { id: string; every: string };
  /** makes the invoice unique */
  sourceKey: string;
  currency: string;
  periodStart: Date;
  periodEnd: Date;
  netDays: number;
  /** the saved payment method is charged at once */
  charged?: boolean;
  lines: readonly [InvoiceLine, ...InvoiceLine[]];
}

export type IssuedInvoice = Pick<
  typeof invoices.$inferSelect,
  'id' | 'number' | 'total' | 'currency' | 'status' | 'dueAt'
>;

/** A line as it was issued. */
export interface IssuedLine extends Pick<
  Row<typeof invoiceLines>,
  'kind' | 'description' | 'amount' | 'period_start' | 'period_end'
> {
  /** the part of a credit above the charge, which lapses */
  lapsed: string | null;
}

/**
 * Issues an invoice of several lines, due `netDays` after the change. The net is rounded once, half away from zero, and never below 0
 * (nothing is paid out): credits are at most the charge, and their line says what lapses. The lines are split by the largest remainder, so
 * that they sum to the total (R27). An invoice of 0 is paid at once. The caller has locked the customer.
 */
export async function issueInvoice(tx: Db, change: Change, draft: InvoiceDraft): Promise<IssuedInvoice> {
  const { customer, currency } = draft;
  const { amounts, lapsed } = settleLines(draft);
  const total = amounts.reduce((sum, amount) => sum.plus(amount), new Big(0)).toFixed();
  const paid = new Big(total).eq(0);
  const id = uuid7(change.at);
  const [row] = await tx<[IssuedInvoice]>`
    insert into subctl.invoices (customer_id, id, number, source_key, subscription_id, plan_id, every, status, currency, total, period_start, period_end,
      issued_at, due_at, paid_at, collect_at, change_id)
    select ${customer}, ${id}, subctl_internal.invoice_number(${customer}, 1 + (select count(*) from subctl.invoices where customer_id = ${customer})), ${draft.sourceKey}, ${draft.subscription}, ${draft.plan.id}, ${draft.plan.every}, ${paid ? 'paid' : 'open'},
           ${currency}, ${total}, ${draft.periodStart}, ${draft.periodEnd}, ${change.at},
           ${change.at}::timestamptz + make_interval(hours => 24 * ${draft.charged ? 0 : draft.netDays}::int), ${paid ? change.at : null}, ${draft.charged && !paid ? change.at : null}, ${change.id}
    returning id, number, total, currency, status, due_at as "dueAt"`;
  const lines = draft.lines.map((line, at) => ({
    kind: line.kind,
    description: line.description,
    amount: amounts[at]!.toFixed(),
    start: line.periodStart,
    end: line.periodEnd,
    exact: line.amount.over.div(line.amount.under).toFixed(),
    lapsed: line.kind === 'unused' ? lapsed : null,
    credits: line.credits ?? null,
  }));
  await tx`
    insert into subctl.invoice_lines (customer_id, invoice_id, position, kind, description, quantity, unit_amount, amount, period_start,
      period_end, details)
    select ${customer}, ${id}, l.n, l.kind, l.description, 1, l.amount, l.amount, l.start, l."end",
           nullif(jsonb_strip_nulls(jsonb_build_object('exact', case when l.exact <> l.amount then trim_scale(l.exact)::text end, 'lapsed', l.lapsed, 'credits', l.credits)), '{}')
      from rows from (jsonb_to_recordset(${tx.json(lines as never)})
        as (kind text, description text, amount numeric, start timestamptz, "end" timestamptz, exact numeric, lapsed text, credits jsonb))
      with ordinality as l(kind, description, amount, start, "end", exact, lapsed, credits, n)`;
  return row;
}

/** Reads an issued invoice as it is now. */
export async function readIssued(tx: Db, customer: string, id: string): Promise<IssuedInvoice> {
  const [row] = await tx<[IssuedInvoice]>`
    select id, number, trim_scale(total)::text as total, currency, status, due_at as "dueAt" from subctl.invoices where customer_id = ${customer} and id = ${id}`;
  return row;
}

/** Rounds the amounts of the lines and computes the part of the credit that lapses. */
function settleLines({ lines, currency, charged: isCharged = false }: InvoiceDraft): {
  amounts: Big[];
  lapsed: string | null;
} {
  const net = sumOf(lines.map(({ amount }) => amount));
  if (net.over.gte(0)) {
    return {
      amounts: splitMoney(
        lines.map(({ amount }) => amount),
        currency,
        isCharged,
      ),
      lapsed: null,
    };
  }
  const charges = lines.map(({ amount }) =>
    amount.over.gt(0) ? roundMoney(amount, currency, isCharged) : new Big(0),
  );
  const charged = charges.reduce((sum, amount) => sum.plus(amount), new Big(0));
  const credits = lines.findIndex(({ amount }) => amount.over.lt(0));
  return {
    amounts: charges.map((amount, at) => (at === credits ? charged.neg() : amount)),
    lapsed: roundMoney(net, currency, isCharged).abs().toFixed(),
  };
}

/** Reads the lines of an invoice, in their order. */
export async function listLines(
  db: Db,
  { customer, invoice }: { customer: string; invoice: string },
): Promise<IssuedLine[]> {
  return db<IssuedLine[]>`
    select kind, description, trim_scale(amount)::text as amount, period_start, period_end, details->>'lapsed' as lapsed
      from subctl.invoice_lines where customer_id = ${customer} and invoice_id = ${invoice} order by position`;
}
