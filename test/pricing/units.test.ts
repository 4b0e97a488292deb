import { waitForUpdate } from '@pydantic/genai-prices';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { importCatalogue } from '../../src/pricing/import-catalogue.ts';
import { asTester } from '../support/catalogue.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';

const { sql, env } = await testDatabase();
const run = (line: string) => subctl(line.split(' '), { env });
const estimate = async (line: string) => {
  const { code, stdout } = await run(`pricing estimate ${line} --at 2026-11-25T00:00Z --json`);
  return code === 0
    ? (JSON.parse(stdout) as { cost: string; priced_by: string; lines: { component: string }[] })
    : code;
};
const cost = async (line: string) => {
  const told = await estimate(line);
  return typeof told === 'number' ? told : told.cost;
};

beforeAll(async () => {
  const catalogue = (await waitForUpdate())!;
  const providers = ['anthropic', 'openai', 'perplexity', 'groq', 'openrouter', 'azure', 'google'].map(
    (id) => ({ id, name: id }),
  );
  await asTester(
    sql,
    (tx, change) => importCatalogue(tx, change, catalogue, providers),
    new Date('2026-11-25T00:00Z'),
  );
});

describe('the size of a prompt', () => {
  const sonnet = '--provider anthropic --model claude-sonnet-4-5';
  it('B4: what is written to a cache belongs to the prompt', async () => {
    expect(
      await cost(`${sonnet} --input-tokens 151000 --cached-tokens 150000 --cache-write-tokens 60000`),
    ).toBe('0.546');
    expect(
      await cost(
        '--provider openai --model gpt-5.6-sol --input-tokens 200000 --cached-tokens 50000 --cache-write-tokens 100000 --output-tokens 10000',
      ),
    ).toBe('2.54');
  });
  it.each(['cache-write', 'cache-write-1h'])(
    'B4: exactly at the line the lower prices hold, one token of --%s-tokens above it the higher',
    async (written) => {
      const at = async (tokens: number) =>
        cost(`${sonnet} --input-tokens 140000 --${written}-tokens ${tokens} --output-tokens 0`);
      const per = written === 'cache-write' ? 3.75 : 6;
      expect(await at(60_000)).toBe(String((140_000 * 3 + 60_000 * per) / 1e6));
      expect(await at(60_001)).toBe(String((140_000 * 6 + 60_001 * per * 2) / 1e6));
    },
  );
  it('B4: prices of one’s own with --above look at the same size', async () => {
    await run('pricing set house big input_tokens 1 --above 100=2 --from 2026-01-01 --yes');
    await run('pricing set house big cache_write_tokens 1 --from 2026-01-01 --yes');
    expect(await cost('--provider house --model big --input-tokens 40 --cache-write-tokens 60')).toBe(
      '0.0001',
    );
    expect(await cost('--provider house --model big --input-tokens 40 --cache-write-tokens 61')).toBe(
      '0.000141',
    );
  });
});

describe('units', () => {
  it('B5: five searches cost 0.05 beside the tokens, and a call that names none costs none', async () => {
    const call = '--provider anthropic --model claude-sonnet-4-5 --input-tokens 100 --output-tokens 10';
    expect(await cost(`${call} --searches 5`)).toBe('0.05045');
    expect(await cost(call)).toBe('0.00045');
    expect(await cost(`${call} --searches 0`)).toBe('0.00045');
  });
  it('B5: a request is charged with each call where the card has a price for it', async () => {
    expect(await cost('--provider perplexity --model sonar --input-tokens 1000 --output-tokens 100')).toBe(
      '0.0131',
    );
  });
  it.each([
    '--searches 1',
    '--images 2',
    '--edits 1',
    '--videos 1',
    '--pages 3',
    '--characters 5',
    '--seconds 9',
    '--requests 2',
    '--cache-write-1h-tokens 5',
  ])('B5 R26: %s without a price on the card make the use unpriced', async (unit) => {
    await run('pricing set house text input_tokens 1 --from 2026-01-01 --yes');
    expect(await cost(`--provider house --model text --input-tokens 10 ${unit}`)).toBe(3);
  });
  it.each([
    ...['audio_input_tokens', 'audio_output_tokens', 'image_output_tokens', 'file_searches', 'sources'],
  ])('B5 B6 R26: %s without a price on the card make the use unpriced', async (unit) => {
    await run('pricing set house both input_tokens 1 --from 2026-01-01 --yes');
    await run('pricing set house both output_tokens 1 --from 2026-01-01 --yes');
    const price = (amount: number) => sql`
      select cost, missing from subctl_internal.price_usage('house', 'both', '2026-11-25', 1, 'llm', 10, 10, 0, ${sql.json({ [unit]: amount })})`;
    expect((await price(5))[0]).toEqual({ cost: null, missing: unit });
    expect((await price(0))[0]).toEqual({ cost: '0.00002', missing: null });
  });

  const units = ['search', 'image', 'edit', 'video', 'page', 'character', 'second'];
  it('B5: beside tokens a unit that is not named costs nothing, and one that is named its price: any card, any unit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.subarray(units, { minLength: 1 }),
        fc.dictionary(fc.constantFrom(...units), fc.nat(9), { maxKeys: 7 }),
        fc.boolean(),
        async (onCard, used, request) => {
          const comps = ['input_tokens', 'output_tokens', ...onCard, ...(request ? ['request'] : [])].sort();
          await sql`delete from subctl.price_cards where provider = 'made'`;
          await sql`
            insert into subctl.price_cards values ('made', 'm', '2020-01-01', ${comps}, ${comps.map(() => '1')}, ${comps.map(() => '1')}, '{}')`;
          const given = Object.fromEntries(
            Object.entries(used).map(([unit, n]) => [unit === 'search' ? 'searches' : `${unit}s`, n]),
          );
          const [row] = await sql`
            select cost from subctl_internal.price_usage('made', 'm', '2026-01-01', 1, 'llm', 7, 2, null, ${sql.json(given)})`;
          const known = Object.entries(used).every(([unit, n]) => n === 0 || onCard.includes(unit));
          const sum = Object.values(used).reduce((all, n) => all + n, 9 + (request ? 1 : 0));
          expect(row!.cost).toBe(known ? String(sum) : null);
        },
      ),
      { numRuns: 60, seed: 5 },
    );
  });
  it('B5: what the kind is called after is counted by the quantity, alone or beside tokens', async () => {
    await sql`insert into subctl.price_cards values ('made', 'pic', '2020-01-01', '{edit,image,input_tokens,output_tokens}', '{3,2,1,1}', '{1,1,1,1}', '{}')`;
    const priced = async (kind: string, units: object | null = null) =>
      (
        await sql`select cost from subctl_internal.price_usage('made', 'pic', '2026-01-01', 4, ${kind}, 1, 0, null, ${units ? sql.json(units as never) : null})`
      )[0]!.cost as string;
    expect([await priced('image'), await priced('image_edit'), await priced('llm')]).toEqual([
      '9',
      '13',
      '1',
    ]);
    expect(await priced('image', { images: 1 })).toBe('3');
  });
});

describe('names', () => {
  it('B30: a model is priced in any case of letters', async () => {
    expect(
      await cost(
        '--provider groq --model meta-llama/Llama-4-Scout-17B-16E-Instruct --input-tokens 1000 --output-tokens 10',
      ),
    ).toBe('0.0001134');
    const [small, large] = ['qwen/qwen2.5-vl-72b-instruct', 'Qwen/Qwen2.5-VL-72B-Instruct'].map((model) =>
      cost(`--provider openrouter --model ${model} --input-tokens 1000 --output-tokens 10`),
    );
    expect(await large).toBe(await small);
  });
  it('B31: a provider without a price takes that of its fallback, and the answer names the card', async () => {
    const azure = '--provider azure --model gpt-4.1 --input-tokens 1000 --output-tokens 10';
    expect(await estimate(azure)).toMatchObject({
      cost: '0.00208',
      priced_by: 'openai',
      priced_as: 'gpt-4.1',
    });
    expect(
      await cost('--provider google --model claude-sonnet-4-5 --input-tokens 100 --output-tokens 10'),
    ).toBe('0.00045');
    await run('pricing set azure gpt-4.1 input_tokens 9 --from 2026-01-01 --yes');
    expect(await estimate(azure.replace(' --output-tokens 10', ''))).toMatchObject({
      cost: '0.009',
      priced_by: 'azure',
    });
    expect((await run('pricing list --provider azure')).stderr).toContain(
      'first price found at openai, anthropic',
    );
  });
  it.each(['gemini-2.5-pro-preview-05-06', 'gemini-3.5-flash-002'])(
    'B31: %s is an edition of its model',
    async (model) => {
      expect(
        typeof (await cost(`--provider google --model ${model} --input-tokens 10 --output-tokens 10`)),
      ).toBe('string');
    },
  );
});
