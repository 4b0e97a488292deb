import { describe, expect, test } from 'vitest';
import { estimateCost } from '../../src/pricing/estimate-cost.ts';
import { findPrices } from '../../src/pricing/find-prices.ts';
import { importPrices, shippedPriceList } from '../../src/pricing/import-prices.ts';
import { readPriceList } from '../../src/pricing/read-price-list.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';

const head = 'provider,model,kind,unit,price_usd,per,effective_from,source,above';
const list = (...lines: string[]) => `${head}\n${lines.join('\n')}\n`;

describe('reading a price list', () => {
  test('K7 the shipped list reads whole', () => {
    const { text, file } = shippedPriceList();
    expect(readPriceList(text, file)).toHaveLength(175);
  });

  test.each([
    [
      'a kind that is not known',
      'a,b,input_token,token,1,1,2025-01-01,s,',
      /p.csv:2 .*did you mean input_tokens/,
    ],
    ['a negative price', 'a,b,image,image,-1,1,2025-01-01,s,', /p.csv:2 price_usd '-1' is negative/],
    ['a price per nothing', 'a,b,image,image,1,0,2025-01-01,s,', /p.csv:2 has a price per 0/],
    ['a day that does not exist', 'a,b,image,image,1,1,2025-02-30,s,', /p.csv:2 effective_from '2025-02-30'/],
    ['no provider', ',b,image,image,1,1,2025-01-01,s,', /p.csv:2 has no provider/],
    ['a tier without its base', 'a,b,image,image,1,1,2025-01-01,s,5', /above 5 tokens/],
  ])('K7 refuses %s', (_, line, sentence) => {
    expect(() => readPriceList(list(line), 'p.csv')).toThrow(sentence);
  });

  test('K7 refuses two prices of one thing, and a file without its columns', () => {
    const twice = list('a,b,image,image,1,1,2025-01-01,s,', 'a,b,image,image,2,1,2025-01-01,s,');
    expect(() => readPriceList(twice, 'p.csv')).toThrow(
      /p.csv:3 has the same key as line 2 and another price/,
    );
    expect(() => readPriceList('provider,model\na,b\n', 'p.csv')).toThrow(/lacks the column kind, unit/);
  });
});

describe('importing', async () => {
  const { sql } = await testDatabase({ max: 2 });
  const load = (text: string, ...sources: string[]) =>
    asTester(sql, (tx, change) => importPrices(tx, change, { text, file: 'p.csv', sources }));
  const cost = async (provider: string, model: string, inputTokens: string, cachedTokens?: string) => {
    const none = { requests: undefined, outputTokens: undefined, cachedTokens, units: {} };
    return (await estimateCost(sql, { provider, model, at: new Date('2026-01-01'), inputTokens, ...none }))
      .cost;
  };

  test('K7 a second import adds nothing', async () => {
    const text = list('one,m,input_tokens,token,3,1000000,2025-01-01,s,');
    expect(await load(text)).toMatchObject({ changed: true, added: 1, revised: 0 });
    expect(await load(text)).toMatchObject({ changed: false, added: 0, revised: 0, unchanged: 1 });
  });

  test('K7 another amount from the same day on is a revision, and the row before stays', async () => {
    const text = list('one,m,input_tokens,token,4,1000000,2025-01-01,s,');
    expect(await load(text)).toMatchObject({ added: 0, revised: 1 });
    expect(await cost('one', 'm', '1000000')).toBe('4');
    const rows =
      await sql`select revision, amount from subctl.prices where provider = 'one' order by revision`;
    expect(rows.map(({ revision, amount }) => [revision, amount])).toEqual([
      [1, '3'],
      [2, '4'],
    ]);
  });

  test('K7 the cards that an import writes are those that all prices make', async () => {
    await load(list('a,new,image,image,3,1,2025-01-01,s,', 'a,new,search,search,4,1,2025-06-01,s,'));
    await load(list('a,new,image,image,5,1,2025-09-01,s,', 'c,other,image,image,6,1,2025-01-01,s,'));
    const columns = 'provider, model, effective_from, comps, amounts, pers, tiers';
    const read = (from: string) => sql.unsafe(`select ${columns} from ${from} order by 1, 2, 3`);
    expect([...(await read('subctl.price_cards'))]).toEqual([
      ...(await read('subctl_internal.cards_of_prices()')),
    ]);
  });

  test('K2 a price of a later day leaves the days before as they were', async () => {
    await load(
      list('two,m,input_tokens,token,1,1,2025-01-01,s,', 'two,m,input_tokens,token,2,1,2025-06-01,s,'),
    );
    const at = (day: string) => findPrices(sql, { provider: 'two', at: new Date(day) });
    expect((await at('2025-05-31T23:59:59Z'))[0]).toMatchObject({ amount: '1' });
    expect((await at('2025-06-01T00:00:00Z'))[0]).toMatchObject({ amount: '2' });
  });

  test('K11 a tier holds for the whole prompt when it is strictly larger', async () => {
    await load(
      list(
        'tier,m,input_tokens,token,1,1000,2025-01-01,s,',
        'tier,m,input_tokens,token,2,1000,2025-01-01,s,200000',
      ),
    );
    expect(await cost('tier', 'm', '200000')).toBe('200');
    expect(await cost('tier', 'm', '200001')).toBe('400.002');
  });

  test('cached tokens are among the input tokens, at their own price or at the input price', async () => {
    await load(
      list(
        'cache,own,input_tokens,token,2,1,2025-01-01,s,',
        'cache,own,cached_input_tokens,token,1,1,2025-01-01,s,',
      ),
    );
    await load(list('cache,none,input_tokens,token,2,1,2025-01-01,s,'));
    expect(await cost('cache', 'own', '10', '4')).toBe('16');
    expect(await cost('cache', 'none', '10', '4')).toBe('20');
    await expect(cost('cache', 'own', '3', '4')).rejects.toThrow(
      /4 cached tokens are more than the 3 input tokens/,
    );
  });

  test('K7 several sources must be chosen, and the later of two counts', async () => {
    const text = list('src,m,image,image,1,1,2025-01-01,a,', 'src,m,image,image,2,1,2025-01-01,b,');
    await expect(load(text)).rejects.toMatchObject({
      kind: 'usage',
      hint: expect.stringContaining('a, b') as string,
    });
    await expect(load(text, 'c')).rejects.toMatchObject({ kind: 'not_found' });
    expect(await load(text, 'a', 'b')).toMatchObject({ added: 1 });
    expect((await findPrices(sql, { provider: 'src' }))[0]).toMatchObject({ amount: '2', source: 'b' });
    expect(await load(text, 'a', 'b')).toMatchObject({ changed: false });
  });

  test('G31 rows of two sources are never added: another way of charging is left out', async () => {
    const text = list('way,m,video,video,0.25,1,2025-01-01,a,', 'way,m,second,second,0.05,1,2025-01-01,b,');
    const done = await load(text, 'a', 'b');
    expect(done).toMatchObject({ added: 1, leftOut: [{ component: 'second', source: 'b' }] });
    expect(await load(text, 'b')).toMatchObject({ added: 0, leftOut: [{ component: 'second' }] });
  });

  test('R26 a row for any model is kept and prices nothing', async () => {
    const done = await load(list('*,*,input_tokens,token,1,1,2025-01-01,guess,'));
    expect(done.warnings.join()).toContain('never guessed');
    await expect(cost('unknown', 'm', '5')).rejects.toMatchObject({ kind: 'not_found' });
  });

  test('M4 every price that is added is audited with its actor', async () => {
    const rows =
      await sql`select entity_key from subctl.audit_log where entity = 'price' and entity_key like 'tier %'`;
    expect(rows).toHaveLength(1);
  });
});
