import type { ShownInvoice, ShownLine } from '../../invoices/show.ts';
import { escapeHtml } from '../../terminal/formats/html.ts';
import { inCurrency } from '../../domain/currency-digits.ts';
import { pageStyle } from './page-style.ts';

/**
 * Renders an invoice for the customer: one self-contained HTML file without scripts, to be printed on one sheet. Dates are in the zone of
 * the customer.
 */
export function invoicePage(invoice: ShownInvoice): string {
  const { number, status, overdue } = invoice;
  const stamp = overdue ? 'overdue' : status;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width">
<title>Invoice ${escapeHtml(number)}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
<header><h1>Invoice ${escapeHtml(number)}</h1><p class="stamp ${stamp}">${stamp}</p></header>
<section class="facts">
<dl><dt>Billed to</dt><dd>${whom(invoice)}</dd></dl>
<dl>${dates(invoice)}</dl>
</section>
<table>
<caption>Line items</caption>
<thead><tr><th scope="col">Description</th><th scope="col" class="n">Quantity</th><th scope="col" class="n">Unit price</th><th scope="col" class="n">Amount</th></tr></thead>
<tbody>
${invoice.lines.map((line) => lineRow(line, invoice)).join('\n')}
</tbody>
<tfoot>
${sums(invoice)}
</tfoot>
</table>
${paid(invoice)}
<footer>${escapeHtml(invoice.currency)} · dates in ${escapeHtml(invoice.timezone)}</footer>
</main>
</body>
</html>
`;
}

function whom({ customer, name, email }: ShownInvoice): string {
  return [name, email, customer]
    .filter((text): text is string => text !== null)
    .map(escapeHtml)
    .join('<br>');
}

function dates(invoice: ShownInvoice): string {
  const named: [string, unknown][] = [
    ['Issued', invoice.issued_at],
    ['Due', invoice.due_at],
    ['Paid', invoice.paid_at],
    ['Voided', invoice.voided_at],
  ];
  return named
    .filter((pair): pair is [string, Date] => pair[1] instanceof Date)
    .map(([label, at]) => `<dt>${label}</dt><dd>${day(at, invoice.timezone)}</dd>`)
    .join('');
}

function lineRow(line: ShownLine, { currency, timezone }: ShownInvoice): string {
  const span =
    line.period_start && line.period_end
      ? `<small>${day(line.period_start, timezone)} – ${day(line.period_end, timezone)}</small>`
      : '';
  const lapsed = line.lapsed
    ? `<small>unused credit of ${inCurrency(line.lapsed, currency)} lapses</small>`
    : '';
  const cells = [line.quantity, inCurrency(line.unit_amount, currency), inCurrency(line.amount, currency)];
  return `<tr><td>${escapeHtml(line.description)}${span}${lapsed}</td>${cells.map((cell) => `<td class="n">${escapeHtml(cell)}</td>`).join('')}</tr>`;
}

function sums(invoice: ShownInvoice): string {
  const { currency, total, due } = invoice;
  const settled: [string, string][] = [
    ['Paid from balance', invoice.balance],
    ['Credit notes', invoice.credit_notes],
    ['Paid outside Stripe', invoice.out_of_band],
    ['Paid', invoice.paid],
    ['Refunded', invoice.refunded],
    ['Lost in disputes', invoice.disputed],
  ];
  const rows: [string, string][] = [['Total', total], ...settled.filter(([, amount]) => amount !== '0')];
  if (invoice.status !== 'void') rows.push(['Amount due', due]);
  return rows
    .map(
      ([label, amount]) =>
        `<tr><th scope="row" colspan="3">${label}</th><td class="n">${escapeHtml(inCurrency(amount, currency))} ${escapeHtml(currency)}</td></tr>`,
    )
    .join('\n');
}

function paid({ payments, timezone }: ShownInvoice): string {
  const came = payments.filter(({ status }) => /^(paid|refunded|partially_refunded)$/.test(status));
  const items = came.map(
    ({ at, amount, currency, provider, reference }) =>
      `<li>${day(at, timezone)}: ${escapeHtml(inCurrency(amount, currency))} ${escapeHtml(currency)} by ${escapeHtml(provider)}, ${escapeHtml(reference)}</li>`,
  );
  return items.length === 0 ? '' : `<section><h2>Payments</h2><ul>${items.join('')}</ul></section>`;
}

/** The local date in a zone: `2026-01-31`. */
function day(at: Date, timeZone: string): string {
  const text = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(at);
  return `<time datetime="${at.toISOString()}">${text}</time>`;
}
