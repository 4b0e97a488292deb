import Big from 'big.js';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { uuid7 } from '../database/uuid7.ts';
import { roundMoney } from '../domain/currency.ts';

export interface InvoiceLine {
  kind: 'plan' | 'unused';
  description: string;
  /** exact, not yet rounded; what is given back is negative */
  amount: Big;
  periodStart: Date;
  periodEnd: Date;
}

export interface InvoiceDraft {
  customer: string;
  subscription: string;
  /** makes it happen once */
  sourceKey: string;
  currency: string;
  periodStart: Date;
  periodEnd: Date;
  netDays: number;
  lines: readonly [InvoiceLine, ...InvoiceLine[]];
}

export interface IssuedInvoice {
  id: string;
  number: string;
  total: string;
  currency: string;
  status: string;
  dueAt: Date | null;
}

/**
 * Issues an invoice of several lines, due `netDays` after the change. The net is rounded once, half away from zero, and never below 0
 * (nothing is paid out); the last line takes what the rounding leaves, so that the lines sum to the total (R27). One of nothing is paid
 * at once. The caller has locked the customer.
 */
export async function issueInvoice(tx: Db, change: Change, draft: InvoiceDraft): Promise<IssuedInvoice> {
  const { customer, currency } = draft;
  const amounts = settleLines(draft);
  const total = amounts.reduce((sum, amount) => sum.plus(amount), new Big(0)).toFixed();
  const paid = new Big(total).eq(0);
  const id = uuid7(change.at);
  const [row] = await tx<[IssuedInvoice]>`
    insert into subctl.invoices (customer_id, id, number, source_key, subscription_id, status, currency, total, period_start, period_end,
      issued_at, due_at, paid_at, change_id)
    select ${customer}, ${id}, subctl.invoice_number(${customer}, 1 + (select count(*) from subctl.invoices where customer_id = ${customer})), ${draft.sourceKey}, ${draft.subscription}, ${paid ? 'paid' : 'open'},
           ${currency}, ${total}, ${draft.periodStart}, ${draft.periodEnd}, ${change.at},
           ${change.at}::timestamptz + make_interval(hours => 24 * ${draft.netDays}::int), ${paid ? change.at : null}, ${change.id}
    returning id, number, total, currency, status, due_at as "dueAt"`;
  const lines = draft.lines.map((line, at) => ({
    kind: line.kind,
    description: line.description,
    amount: amounts[at]!.toFixed(),
    start: line.periodStart,
    end: line.periodEnd,
    exact: line.amount.toFixed(),
  }));
  await tx`
    insert into subctl.invoice_lines (customer_id, invoice_id, position, kind, description, quantity, unit_amount, amount, period_start,
      period_end, details)
    select ${customer}, ${id}, l.n, l.kind, l.description, 1, l.amount, l.amount, l.start, l."end",
           case when l.exact <> l.amount then jsonb_build_object('exact', trim_scale(l.exact)::text) end
      from rows from (jsonb_to_recordset(${tx.json(lines as never)})
        as (kind text, description text, amount numeric, start timestamptz, "end" timestamptz, exact numeric))
      with ordinality as l(kind, description, amount, start, "end", exact, n)`;
  return row;
}

/** The rounded amounts of the lines: all but the last by themselves, the last the rest of the rounded net. */
function settleLines({ lines, currency }: InvoiceDraft): Big[] {
  const net = lines.reduce((sum, { amount }) => sum.plus(amount), new Big(0));
  const total = net.lt(0) ? new Big(0) : roundMoney(net, currency);
  const first = lines.slice(0, -1).map(({ amount }) => roundMoney(amount, currency));
  return [...first, total.minus(first.reduce((sum, amount) => sum.plus(amount), new Big(0)))];
}
