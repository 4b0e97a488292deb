import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/terminal/outcome.ts';
import { type Format, type PrintOptions, parseFields, print } from '../../src/terminal/print.ts';
import { screen, terminalOf } from '../support/screen.ts';

const plain: PrintOptions = { format: 'table', header: true, csvGuard: true, quiet: false };

async function printed(outcome: Outcome, options: Partial<PrintOptions> = {}, shown = screen()) {
  await print(outcome, terminalOf(shown), { ...plain, ...options });
  return shown.out();
}

const columns = [
  { key: 'id' },
  { key: 'balance', align: 'right' as const },
  { key: 'since', title: 'Since' },
  { key: 'note', hidden: true },
];
const rows = [
  {
    id: 'ann',
    balance: '12.50',
    since: new Date('2026-01-31T12:00:00Z'),
    note: 'a "quoted", one',
    secret: 'not a column',
  },
  { id: 'bob', balance: '-5.00', since: new Date('2026-07-31T12:00:05Z'), note: '' },
  { id: '=cmd()', balance: null, since: null },
];

describe('formats', () => {
  it('table: headings, numbers to the right, nothing shown as -, no frames', async () => {
    expect(await printed({ columns, rows, title: 'Balances', footer: ['3 customers'] })).toBe(
      [
        'Balances',
        '',
        'id      balance  Since',
        'ann       12.50  2026-01-31 12:00Z',
        'bob       -5.00  2026-07-31 12:00:05Z',
        '=cmd()        -  -',
        '',
        '3 customers',
        '',
      ].join('\n'),
    );
  });

  it('table: instants on the wall clock of a zone, with the offset of that day', async () => {
    const text = await printed(
      { columns, rows: rows.slice(0, 2), timezone: 'Europe/Berlin' },
      { header: false },
    );
    expect(text).toBe('ann  12.50  2026-01-31 13:00+01:00\nbob  -5.00  2026-07-31 14:00:05+02:00\n');
  });

  it('json: an array with the fields of the columns in their order, null where nothing is', async () => {
    const value = JSON.parse(await printed({ columns, rows }, { format: 'json' })) as object[];
    expect(Object.keys(value[2]!)).toEqual(['id', 'balance', 'since', 'note']);
    expect(value[2]).toEqual({ id: '=cmd()', balance: null, since: null, note: null });
    expect(value[0]).toMatchObject({ balance: '12.50', since: '2026-01-31T12:00:00.000Z' });
  });

  it('json: no rows are an empty array', async () => {
    expect(await printed({ columns, rows: [] }, { format: 'json' })).toBe('[]\n');
  });

  it('ndjson: one object a line', async () => {
    const lines = (await printed({ columns, rows }, { format: 'ndjson' })).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(['ann', 'bob', '=cmd()']);
  });

  it('csv: RFC 4180, CRLF, null is nothing and an empty text is ""', async () => {
    expect(await printed({ columns, rows }, { format: 'csv' })).toBe(
      'id,balance,since,note\r\n' +
        'ann,12.50,2026-01-31T12:00:00.000Z,"a ""quoted"", one"\r\n' +
        'bob,-5.00,2026-07-31T12:00:05.000Z,""\r\n' +
        "'=cmd(),,,\r\n",
    );
  });

  it('tsv: tabs and line breaks inside a value are written as \\t and \\n', async () => {
    const text = await printed(
      { columns: [{ key: 'a' }, { key: 'b' }], rows: [{ a: 'x\ty', b: 'c:\\d\n' }] },
      { format: 'tsv' },
    );
    expect(text).toBe('a\tb\nx\\ty\tc:\\\\d\\n\n');
  });

  it('markdown: a table in which values are no markup', async () => {
    const text = await printed(
      { columns: columns.slice(0, 2), rows: [{ id: 'a|b_c <i>', balance: '1' }] },
      { format: 'markdown' },
    );
    expect(text).toBe('| id | balance |\n| --- | ---: |\n| a\\|b\\_c \\<i\\> | 1 |\n');
  });

  it('html: no script, nothing fetched, values escaped, headings with a scope, a caption', async () => {
    const evil = [{ id: '<script>alert("1")</script>', balance: "'&" }];
    const text = await printed(
      { columns: columns.slice(0, 2), rows: evil, title: 'A & B' },
      { format: 'html' },
    );
    expect(text).toContain("default-src 'none'");
    expect(text).toContain('<caption>A &#38; B</caption>');
    expect(text).toContain('<th scope="col" class="n">balance</th>');
    expect(text).toContain(
      '<td>&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62;</td><td class="n">&#39;&#38;</td>',
    );
    expect(text).not.toMatch(/<script|src=|href=/);
  });

  it.each(['json', 'ndjson', 'csv', 'tsv'] as Format[])(
    '%s is streamed from an async source',
    async (format) => {
      let given = 0;
      async function* many() {
        for (; given < 1_200; given++) yield { id: await Promise.resolve(`c${given}`) };
      }
      const text = await printed({ columns: [{ key: 'id' }], rows: many() }, { format });
      expect(text.match(/c\d+/g)).toHaveLength(1_200);
    },
  );

  it('--fields picks and orders, and brings hidden ones out', async () => {
    const text = await printed({ columns, rows: rows.slice(0, 1) }, { fields: ['note', 'id'] });
    expect(text).toBe('note             id\na "quoted", one  ann\n');
  });

  it('--fields with an unknown name says which there are', async () => {
    const unknown = printed({ columns, rows }, { fields: ['balanec'] });
    await expect(unknown).rejects.toMatchObject({
      kind: 'usage',
      message: "There is no field 'balanec', did you mean balance?",
      hint: 'Fields: id, balance, since, note',
    });
  });

  it.each([['a,,b', 'has an empty name'], ['a,b,a', 'names a twice']])('--fields %s is refused: it %s', (text, why) => {
    expect(() => parseFields(text)).toThrow(why);
  }); // prettier-ignore

  it('a record is JSON whole, and lines of label and value for people', async () => {
    const record = { customer: 'ann', credits: { balance: '5' }, tags: ['a', 'b'] };
    expect(JSON.parse(await printed({ record }, { format: 'json' }))).toEqual(record);
    expect(await printed({ record })).toBe('customer  ann\ncredits   {"balance":"5"}\ntags      a, b\n');
    expect(await printed({ record }, { format: 'csv' })).toBe(
      'customer,credits,tags\r\nann,"{""balance"":""5""}","[""a"",""b""]"\r\n',
    );
  });

  it('html and markdown of a record show what people see of it, a table a section', async () => {
    const record = { customer: 'ann', limits: [{ meter: 'images' }] };
    const sections = [
      { entries: [['plan', 'pro <i>']] as const },
      { title: 'Limits', columns: [{ key: 'meter' }], rows: [{ meter: 'images' }] },
    ];
    const html = await printed({ record, sections, title: 'ann' }, { format: 'html' });
    expect(html).toContain('<h1>ann</h1>');
    expect(html).toContain('<tr><td>plan</td><td>pro &#60;i&#62;</td></tr>');
    expect(html).toContain('<caption>Limits</caption>');
    const markdown = await printed({ record, sections }, { format: 'markdown' });
    expect(markdown).toContain('| plan | pro \\<i\\> |');
    expect(markdown).toContain('## Limits');
    expect(markdown).toContain('| field | value |');
  });

  it('control characters from data never reach a terminal', async () => {
    const evil = [{ id: '\u001b[2Jx\u0007\ny' }];
    expect(await printed({ columns: [{ key: 'id' }], rows: evil }, { header: false })).toBe('[2Jx y\n');
    const onTerminal = await printed(
      { columns: [{ key: 'id' }], rows: evil },
      { format: 'csv' },
      screen({ tty: true }),
    );
    expect(onTerminal).not.toContain('\u001b');
    const inPipe = await printed({ columns: [{ key: 'id' }], rows: evil }, { format: 'csv' });
    expect(inPipe).toContain('\u001b[2Jx');
  });
});
