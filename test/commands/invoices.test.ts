import { beforeAll, describe, expect, it, test } from 'vitest';
import { scaleOf } from '../../src/domain/currency.ts';
import { invoicePage } from '../../src/commands/invoices/page.ts';
import { showInvoice } from '../../src/invoices/show.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, assign, loadLadder } from '../support/plans.ts';
import { programOn } from '../support/program.ts';

const { sql, env } = await testDatabase();
const { say, json } = programOn(env);
const number = '7E0D7F8A-0001';

beforeAll(async () => {
  await loadLadder(sql);
  await addOne(sql, { id: 'ann', name: '<Ann> & Söhne', email: 'ann@example.org', timezone: 'Asia/Tokyo' });
  await assign(sql, '2026-01-31T12:00:00Z', { customer: 'ann', plan: 'pro' });
});

describe('invoices', () => {
  test('list says what is open, and what is overdue at the time', async () => {
    expect(await json('invoices list --as-of 2026-02-01')).toMatchObject([
      {
        number,
        customer: 'ann',
        status: 'open',
        overdue: false,
        total: '29.99',
        currency: 'USD',
        plan: 'pro',
      },
    ]);
    expect(await json('invoices list --status overdue --as-of 2026-02-14')).toEqual([]);
    expect(await json('invoices list --status overdue --as-of 2026-02-15')).toHaveLength(1);
    const { stdout } = await say('invoices list --as-of 2026-02-15');
    expect(stdout).toContain('overdue');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('show finds it by number and by id, and says what is not there', async () => {
    const shown = await json<{ id: string }>(`invoices show ${number}`);
    expect(shown).toMatchObject({
      due: '29.99',
      paid: '0.00',
      lines: [{ kind: 'plan', amount: '29.99' }],
      payments: [],
    });
    expect(await json(`invoices show ${shown.id}`)).toMatchObject({ number });
    expect((await say('invoices show NOPE-1')).code).toBe(3);
    expect((await say(`invoices show ${number} --customer bob`)).code).toBe(3);
    const csv = await say(`invoices show ${number} --format csv`);
    expect(csv.stdout.split('\r\n')[1]).toContain(`${number},plan,Pro (1mo),1,29.99,29.99,USD`);
    const table = await say(`invoices show ${number}`);
    expect(table.stdout).toContain('29.99 USD');
  });

  test('show --format html is a page without a script, whose text cannot break out of it', async () => {
    const { stdout } = await say(`invoices show ${number} --format html`);
    expect(stdout).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`);
    expect(stdout).not.toMatch(/<script|https?:/);
    expect(stdout).toContain('&#60;Ann&#62; &#38; Söhne');
    // 12:00Z on the 31st is the 31st in Tokyo; 23:30Z would be the next day
    expect(stdout).toContain('<time datetime="2026-01-31T12:00:00.000Z">2026-01-31</time>');
    const shown = await showInvoice(sql, { number, now: new Date('2026-02-20T00:00:00Z') });
    expect(invoicePage({ ...shown, issued_at: new Date('2026-01-31T23:30:00Z') })).toContain(
      '2026-02-01</time>',
    );
    expect(invoicePage(shown)).toContain('class="stamp overdue"');
  });

  test('pay, refund, history, payments list and export tell one story', async () => {
    const paid = await say(`invoices pay ${number} --reference B-1 --provider bank --as-of 2026-02-02`);
    expect(paid).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('29.99 USD for invoice') as string,
    });
    expect((await say(`invoices pay ${number} --reference B-2 --as-of 2026-02-02`)).code).toBe(4);
    expect((await say(`invoices void ${number} --yes --as-of 2026-02-02`)).code).toBe(4);
    expect((await say(`invoices refund ${number} --as-of 2026-02-02`)).code).toBe(2);
    expect(await json(`invoices refund ${number} --amount 9.99 --dry-run --as-of 2026-02-03`)).toMatchObject({
      refunded: '9.99',
    });
    expect(await json(`invoices refund ${number} --amount 9.99 --yes --as-of 2026-02-03`)).toMatchObject({
      refunded: '9.99',
      refund_status: 'refunded',
    });
    expect(await json('payments list --customer ann')).toMatchObject([
      {
        invoice: number,
        status: 'partially_refunded',
        amount: '29.99',
        refunded: '9.99',
        amount_minor: '2999',
        provider: 'bank',
        reference: 'B-1',
      },
    ]);
    expect(await json('invoices history ann')).toMatchObject([
      { base: '29.99', overage: '0.00', total: '29.99', paid: '29.99', refunded: '9.99' },
    ]);
    const { stdout } = await say('invoices export --customer ann --format csv');
    expect(stdout.split('\r\n').slice(0, 2)).toEqual([
      expect.stringMatching(/^number,customer,status,currency,total/) as string,
      expect.stringContaining(`${number},ann,paid,USD,29.99`) as string,
    ]);
    expect(await json('invoices export --from 2026-02-01')).toEqual([]);
  });
});

it('N15: the engine and the program know the same digits of every currency', async () => {
  const codes = Intl.supportedValuesOf('currency');
  const rows = await sql<{ code: string; scale: number }[]>`
    select c as code, subctl_internal.currency_scale(c) as scale from unnest(${codes}::text[]) c`;
  expect(rows.filter(({ code, scale }) => scale !== scaleOf(code))).toEqual([]);
  expect(['USD', 'HUF', 'JPY', 'KWD'].map(scaleOf)).toEqual([2, 2, 0, 3]);
});
