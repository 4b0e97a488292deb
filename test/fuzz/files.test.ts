import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { choosePreset } from '../../src/catalog/open-catalogue.ts';
import { readCatalogue } from '../../src/catalog/read-catalogue.ts';
import { readYaml } from '../../src/catalog/read-yaml.ts';
import { readStandard, shippedPresets } from '../../src/catalog/shipped.ts';
import { decodeUtf8 } from '../../src/domain/utf8.ts';
import { readCsv } from '../../src/files/read-csv.ts';
import { readJsonLines, readServerEvents } from '../../src/library/calls/events.ts';
import { readPriceList } from '../../src/pricing/read-price-list.ts';
import { keyOf } from '../../src/pricing/price-row.ts';
import { csvLines } from '../../src/terminal/formats/csv.ts';
import { readEvent, readEvents } from '../../src/usage/read-events.ts';
import { root } from '../support/cli.ts';
import { inputs, patience, runs } from './inputs.ts';
import { bytesAround } from './nasty-bytes.ts';
import { around, corpus } from './nasty.ts';
import { expectNoWarnings, read, readLater } from './refusal.ts';

vi.setConfig({ testTimeout: patience });
expectNoWarnings();

const standard = readStandard();
const presets = readFileSync(path.join(root, 'data/presets.yaml'), 'utf8');

async function* pieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 37) yield bytes.subarray(at, at + 37);
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of source) found.push(one);
  return found;
}

const uses = [
  'customer,kind,quantity,at,key\nann,image,2,2026-10-06T10:00:00Z,k1\nbob,llm,1.5,,\n',
  'customer;kind;units;already_spent\n"a;b";tts;"{""characters"":""10""}";yes\n',
  '{"customer":"ann","kind":"image","quantity":"1","key":"u-3"}\n{"customer":"ann","kind":"llm","metadata":{"a":[1]},"partial":true}\n',
].map((text) => Buffer.from(text));

test(`a file of uses: ${inputs()} inputs: each row is read or has its reason, and no row is lost`, async () => {
  const seeds = [...uses, ...uses.map((bytes) => gzipSync(bytes))];
  await fc.assert(
    fc.asyncProperty(bytesAround(seeds), async (bytes) => {
      const found = await readLater(bytes.toString('latin1'), () => all(readEvents(pieces(bytes))));
      if ('refused' in found) return;
      for (const row of found.value) {
        const event = read(JSON.stringify(row), () => readEvent(row));
        if ('value' in event) expect(event.value.event).toMatchObject({ customer: /./, kind: /./ });
        else expect(event.refused.kind).toBe('usage');
      }
      const lines = found.value.map(({ line }) => line);
      expect(lines).toEqual([...new Set(lines)].sort((a, b) => a - b));
    }),
    runs(),
  );
});

test(`a CSV of anything: ${inputs()} inputs: what is written is read`, async () => {
  const cell = fc.oneof(
    fc.constantFrom(...corpus.filter((text) => text.length < 400)),
    fc.string({ unit: 'binary', maxLength: 8 }),
  );
  // what the reader of cells without quotes drops, and what no file in UTF-8 can have
  const kept = cell.map((text) => Buffer.from(text.replaceAll('\0', '').trim()).toString());
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(kept, kept), { maxLength: 5 }), async (rows) => {
      const bytes = Buffer.from(csvLines([['id', 'note'], ...rows]));
      const found = await all(readCsv(pieces(bytes), { allowed: ['id', 'note'], required: ['id'] }));
      expect(found.map(({ values, fault }) => [fault, values['id'] ?? '', values['note'] ?? ''])).toEqual(
        rows.map((row) => [undefined, ...row]),
      );
    }),
    runs(),
  );
});

const layouts = [
  'currency: USD\ndefault_plan: free\ncredit_costs: {images: "1", lora: "40"}\nplans:\n  free:\n    name: Free\n    prices: {month: "0"}\n    credits: {period: 10}\n    limits: {messages: {month: 100}}\n',
  'schema: 1\nperiod: {unit: month, length: 1}\nkinds: {song: [track]}\nmeters:\n  songs: {name: Songs, kinds: [song], aggregation: sum, field: quantity}\nmodels:\n  openai: {gpt-4o: {free_tier: true, multiplier: "2"}}\nplans:\n  a: &a {name: A, rank: 1, prices: {month: "1.50", year: {amount: "10"}}, trial_days: 7, features: [x, {y: 1}]}\n  b: {<<: *a, name: B, fallback: none, limits: {songs: {day: 3, rolling_1h: null, every_7d: 0}}}\n',
  ...Object.values(shippedPresets()).map((preset) => JSON.stringify(preset)),
  presets,
];

test(`a catalogue: ${inputs(0.3)} inputs`, () => {
  fc.assert(
    fc.property(around(layouts), (text) => {
      const bytes = Buffer.from(text);
      const found = read(text, () => {
        const { value } = choosePreset(
          readYaml(decodeUtf8(bytes, 'The file'), 'plans.yaml'),
          'plans.yaml',
          text.includes('presets:') ? 'mobix' : undefined,
        );
        return readCatalogue(value, { file: 'plans.yaml', standard });
      });
      if ('refused' in found) return;
      for (const { id, version } of found.value.catalogue.plans) {
        expect(id).toMatch(/^[a-z0-9][a-z0-9_-]*$/);
        expect(JSON.stringify(version)).not.toMatch(/NaN|undefined|Infinity/);
      }
    }),
    runs(0.3),
  );
});

test(`values of YAML that are of another kind than a catalogue has: ${inputs(0.5)} inputs`, () => {
  const names = fc.constantFrom(
    'schema',
    'currency',
    'period',
    'plans',
    'default_plan',
    'credit_costs',
    'kinds',
    'meters',
    'models',
    'name',
    'prices',
    'limits',
    'credits',
    'features',
    'month',
    'messages',
    'images',
    'free',
    'pro',
    'unit',
    'length',
    'rank',
    'fallback',
    '__proto__',
    'constructor',
    'alert_thresholds',
    'price_sources',
    'required_keys',
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5, depthSize: 'medium' },
      tie('leaf'),
      tie('map'),
      fc.array(tie('value'), { maxLength: 3 }),
    ),
    leaf: fc.oneof(
      fc.constantFrom<unknown>(
        null,
        true,
        false,
        '',
        '1',
        '0',
        '-1',
        'free',
        'USD',
        'month',
        'unlimited',
        '1e400',
        '٣',
        ...corpus.slice(0, 60),
      ),
    ),
    map: fc
      .array(fc.tuple(names, tie('value')), { maxLength: 5 })
      .map((entries) => Object.assign(Object.create(null) as object, Object.fromEntries(entries))),
  }));
  fc.assert(
    fc.property(value, value, (plan, rest) => {
      const layout =
        typeof rest === 'object' && rest !== null && !Array.isArray(rest)
          ? { ...rest, plans: { pro: plan } }
          : { plans: { pro: plan, free: rest } };
      read(JSON.stringify(layout), () => readCatalogue(layout, { file: 'plans.yaml', standard }));
      read(JSON.stringify(layout), () => readCatalogue(rest, { file: 'plans.yaml', standard }));
    }),
    runs(0.5),
  );
});

const shipped = readFileSync(path.join(root, 'data/prices.csv'), 'utf8').split('\n');
const head = 'provider,model,kind,unit,price_usd,per,effective_from,source,above\n';
const prices = [
  shipped.slice(0, 8).join('\n'),
  `${head}a,m,input_tokens,token,1,1000000,2026-01-01,s,\na,m,input_tokens,token,2,1000000,2026-01-01,s,200000\n`,
];

test(`a price list: ${inputs()} inputs`, () => {
  fc.assert(
    fc.property(around(prices), (text) => {
      const found = read(text, () => readPriceList(text, 'prices.csv'));
      if ('refused' in found) return;
      const keys = found.value.map((row) => `${row.source} ${keyOf(row)}`);
      expect(new Set(keys).size, 'a price for one thing').toBe(keys.length);
      for (const { amount, per, tiers } of found.value)
        expect(`${amount} ${per} ${tiers.map(({ above }) => above).join(' ')}`).toMatch(/^[\d. ]+$/);
    }),
    { ...runs(), examples: prices.map((text): [string] => [text]) },
  );
});

describe('an answer of a provider that comes as a stream', () => {
  const streams = [
    'event: x\ndata: {"usage":{"input_tokens":3}}\n\ndata: [DONE]\n\n',
    'data: {"a":1}\r\n\r\n: ping\r\rdata: {"b"\ndata: :2}\n\n',
    '{"a":1}\n{"done":true}\r\nnot json\n',
  ].map((text) => Buffer.from(text));
  test.each([
    ['of server-sent events', readServerEvents],
    ['of lines of JSON', readJsonLines],
  ])(`%s: ${inputs()} inputs: no byte is lost, and how it is cut makes no difference`, (_, open) => {
    fc.assert(
      fc.property(bytesAround(streams), fc.integer({ min: 1, max: 20 }), (bytes, size) => {
        const readIn = (length: number) => {
          const reader = open();
          const parts = Array.from({ length: Math.ceil(bytes.length / length) }, (_each, n) =>
            bytes.subarray(n * length, (n + 1) * length),
          );
          return [...parts.flatMap((part) => reader.push(part)), ...reader.rest()];
        };
        const found = readIn(size);
        expect(Buffer.concat(found.map(({ bytes: part }) => part)).equals(bytes)).toBe(true);
        expect(found.map(({ data }) => data)).toEqual(readIn(1_000).map(({ data }) => data));
      }),
      runs(),
    );
  });
});
