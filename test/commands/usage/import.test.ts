import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { subctl } from '../../support/cli.ts';
import { testDatabase } from '../../support/database.ts';
import { customer, lay, plan } from '../../usage/world.ts';

const { sql, env } = await testDatabase();
const folder = mkdtempSync(path.join(tmpdir(), 'subctl-import-'));
afterAll(() => rmSync(folder, { recursive: true }));
const run = (line: string, stdin: string | Buffer = '') =>
  subctl(line.split(' '), { env, stdin: stdin as string, cwd: folder });
const put = (name: string, text: string | Buffer) => writeFileSync(path.join(folder, name), text);
const read = (name: string) => readFileSync(path.join(folder, name), 'utf8');
const at = '--as-of 2026-12-07';
const usedBy = async (who: string) => {
  const [row] =
    await sql`select coalesce(sum(quantity), 0)::text as n from subctl.usage_events where customer_id = ${who}`;
  return row!.n as string;
};

beforeAll(async () => {
  await lay(sql);
  await plan(sql, 'plan0', { isDefault: true });
  for (const who of ['ann', 'bob', 'eve']) await customer(sql, who);
});

describe('rejected rows', () => {
  test('B21: a file of them is given again: line and reason are passed over', async () => {
    put('f.csv', 'customer,kind,quantity\nb21,llm,7\n');
    expect(await run(`usage import f.csv --rejects r.csv ${at}`)).toMatchObject({ code: 7 });
    await customer(sql, 'b21');
    expect(await run(`usage import r.csv ${at}`)).toMatchObject({ code: 0 });
    expect(await usedBy('b21')).toBe('7');
  });

  test('B21: a row with too many cells keeps them all, and is not taken until it is mended', async () => {
    put('g.csv', 'customer,kind,quantity\nann,llm,1,5\n');
    expect(await run(`usage import g.csv --rejects r2.csv ${at}`)).toMatchObject({ code: 7 });
    expect(read('r2.csv')).toContain('"ann,llm,1,5"');
    const again = await run(`usage import r2.csv ${at}`);
    expect(again).toMatchObject({ code: 7, stderr: expect.stringContaining('not mended') as string });
    expect(await usedBy('ann')).toBe('0');
    put('r2.csv', read('r2.csv').replace('\n,,', '\nann,llm,1.5'));
    expect(await run(`usage import r2.csv ${at}`)).toMatchObject({ code: 0 });
    expect(await usedBy('ann')).toBe('1.5');
  });

  test('B21: the file has all columns of NDJSON rows, and the text of lines that cannot be read', async () => {
    const rows = [
      '{"customer":"eve","kind":"dance","quantity":3}',
      'not json\u2028',
      '{"customer":"eve","kind":"llm","tokenz":"x","metadata":{"a":["b,\\"c"]}}',
    ];
    put('h.ndjson', rows.join('\n'));
    expect(await run(`usage import h.ndjson --rejects r3.csv ${at}`)).toMatchObject({ code: 7 });
    const [head, ...found] = parse(read('r3.csv')) as string[][];
    const left = found.map((cells) => Object.fromEntries(cells.map((cell, n) => [head![n]!, cell])));
    expect(left.sort((a, b) => Number(a['line']) - Number(b['line']))).toMatchObject([
      { customer: 'eve', kind: 'dance', quantity: '3', line: '1', raw: '' },
      { customer: '', line: '2', raw: 'not json\u2028' },
      { customer: 'eve', kind: 'llm', tokenz: 'x', metadata: '{"a":["b,\\"c"]}', line: '3' },
    ]);
  });

  test('B21: no rejected row, no file, also where an earlier run left one', async () => {
    put('ok.csv', 'customer,kind,key\nann,llm,ok\n');
    put('old.csv', 'of an earlier run');
    expect(await run(`usage import ok.csv --rejects old.csv ${at}`)).toMatchObject({ code: 0 });
    expect(existsSync(path.join(folder, 'old.csv'))).toBe(false);
  });

  test('H13: values in it stay as they were, and a lone CR is quoted', async () => {
    put('cr.csv', 'id,kind,name\nc1,usr,=1+1\nc2,user,"a\rb"\n');
    expect(await run('customers import cr.csv --rejects cr.rejects.csv')).toMatchObject({ code: 7 });
    expect(read('cr.rejects.csv')).toMatch(
      /^id,kind,name,line,reason\r\nc1,usr,=1\+1,2,.*\r\nc2,user,"a\rb",3,/,
    );
  });

  test.each([
    ['customers import FILE', 'id,kind,name\nm1,usr,Ann\nm2,user,Bo\n', 'm1,usr', 'm1,user'],
    [
      'usage import FILE',
      'customer,kind,at,key\nbob,llm,2026-13-01,a\nbob,llm,2026-12-06,b\n',
      '2026-13-01',
      '2026-12-01',
    ],
    ['assign --from-file FILE', 'customer,plan\nnoone,plan0\neve,plan0\n', 'noone', 'bob'],
  ])(
    'B21: %s --rejects, mended and given again, is what a right file is',
    async (command, text, wrong, right) => {
      put('x.csv', text);
      const first = await run(`${command.replace('FILE', 'x.csv')} --rejects left.csv ${at} --json`);
      expect([first.code, JSON.parse(first.stdout)]).toMatchObject([7, { read: 2, rejected: 1 }]);
      put('left.csv', read('left.csv').replace(wrong, right));
      const again = await run(`${command.replace('FILE', 'left.csv')} --rejects still.csv ${at} --json`);
      expect([again.code, JSON.parse(again.stdout)]).toMatchObject([0, { read: 1, rejected: 0 }]);
    },
  );
});

describe('H5: what a file brings never ends the import as a bug', () => {
  const inherited = Object.getOwnPropertyNames(Object.prototype);
  test.each(inherited)(
    'a key %s of NDJSON is an unknown column, and its row alone is rejected',
    async (name) => {
      const row = (key: string, more = '') =>
        `{"customer":"eve","kind":"llm","at":"2026-12-06T10:00:00Z","key":"${name}.${key}"${more}}`;
      const { code, stderr, stdout } = await run(
        `usage import - ${at} --json`,
        [row('a'), row('b', `,"${name}":1`), row('c')].join('\n'),
      );
      expect([code, JSON.parse(stdout)]).toMatchObject([7, { recorded: 2, rejected: 1 }]);
      expect(stderr).toContain(`line 2: There is no column ${name}`);
    },
  );

  test('a stray quote rejects its row', async () => {
    const { code, stderr } = await run(
      'customers import -',
      'id,kind,name\nn6,user,x\nn7,user,a"b\nn8,user,y\n',
    );
    expect([code, stderr]).toEqual([7, expect.stringMatching(/^line 3: a quote stands inside/)]);
    expect(await sql`select id from subctl.customers where id like 'n_' order by id`).toEqual([
      { id: 'n6' },
      { id: 'n8' },
    ]);
  });

  const uses = Array.from({ length: 600 }, (_, n) =>
    JSON.stringify({
      customer: 'bob',
      kind: 'image',
      at: '2026-12-06T10:00:00Z',
      key: `z${n}`,
      session: `s${n * 7919}`,
    }),
  ).join('\n');
  const whole = gzipSync(uses);
  const damaged = Buffer.from(whole);
  damaged.fill(0xff, whole.length - 8, whole.length - 4);

  test.each([
    ['cut short', whole.subarray(0, -20), 'The gzip file is cut short'],
    ['damaged', damaged, 'The gzip file is damaged (incorrect data check)'],
    ['followed by rubbish', Buffer.concat([whole, Buffer.from('rubbish')]), 'The gzip file is damaged'],
  ])('a gzip that is %s is exit code 2; what was recorded before counts once', async (_, bytes, sentence) => {
    put('u.gz', bytes);
    const { code, stderr } = await run(`usage import u.gz ${at}`);
    expect([code, stderr]).toEqual([2, expect.stringContaining(sentence)]);
    put('u.gz', whole);
    expect(await run(`usage import u.gz ${at}`)).toMatchObject({ code: 0 });
    const [row] =
      await sql`select count(*)::int as n from subctl.usage_events where customer_id = 'bob' and kind = 'image'`;
    expect(row).toEqual({ n: 600 });
  });
});

test('H12: a line of NDJSON beyond the bound is rejected alone; one that is not UTF-8 ends the import with a hint', async () => {
  const use = (key: string, more: object = {}) =>
    JSON.stringify({ customer: 'ann', kind: 'llm', at: '2026-12-06T10:00:00Z', key, ...more });
  const long = use('long', { endpoint: 'x'.repeat(1_000_000) });
  const { code, stderr, stdout } = await run(
    `usage import - ${at} --json`,
    [use('1'), long, use('2')].join('\n'),
  );
  expect([code, JSON.parse(stdout)]).toMatchObject([7, { recorded: 2, rejected: 1 }]);
  expect(stderr).toBe('line 2: the row is longer than 1,000,000 characters\n');
  const odd = Buffer.concat([
    Buffer.from(`${use('3').slice(0, -1)},"session":"`),
    Buffer.from([0xff]),
    Buffer.from('"}'),
  ]);
  put('odd.ndjson', odd);
  expect(await run(`usage import odd.ndjson ${at}`)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/The file is not UTF-8\n.*iconv/) as string,
  });
});

test.each([
  'usage import none.csv',
  'usage preflight ann none.csv',
  'customers import none.csv',
  'assign --from-file none.csv',
  'plans load none.yaml',
  'pricing import none.csv',
])(
  'H20: %s, a file that is not there, is exit code 3, and the help of the command names it',
  async (line) => {
    expect(await run(line)).toMatchObject({ code: 3, stderr: expect.stringContaining('none.') as string });
    const [noun, verb] = line.split(' ');
    const help = await run(`${noun} ${verb!.startsWith('--') ? '' : `${verb} `}--help`);
    expect(help.stdout).toMatch(/^More exit codes: .*3 not found/m);
  },
);
