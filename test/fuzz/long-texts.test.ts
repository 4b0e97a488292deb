import { describe, expect, test } from 'vitest';
import { readYaml } from '../../src/catalog/read-yaml.ts';
import { faultOfId } from '../../src/customers/customer-id.ts';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import { faultOfNumbers } from '../../src/domain/kept.ts';
import { nearest } from '../../src/domain/nearest.ts';
import { hasInvisible, oneLine, shortened } from '../../src/domain/plain-text.ts';
import { shapeOfSecret, withoutSecrets } from '../../src/domain/secret-shapes.ts';
import { recordsOf } from '../../src/files/read-records.ts';
import { readExactJson } from '../../src/http/api/exact-json.ts';
import { looksLikeKey } from '../../src/keys/names.ts';
import { parseExpression } from '../../src/scheduler/expression.ts';
import { read } from './refusal.ts';

const length = 500_000;
const of = (piece: string) => piece.repeat(Math.ceil(length / piece.length));

/** Texts of one piece again and again, which an expression that looks back takes the square of. */
const long: Record<string, string> = {
  letters: of('x'),
  digits: of('1'),
  'letters and digits': of('a1'),
  spaces: `${of(' ')}x`,
  tabs: of('\t'),
  'line breaks': `${of('\n')}x`,
  quotes: of("'"),
  'double quotes': of('"'),
  backslashes: `"${of('\\')}`,
  'escapes in JSON': `{"a":"${of('\\\\')}"}`,
  commas: of(','),
  'at signs': of('a@'),
  colons: of('a:'),
  dashes: of('a-'),
  brackets: of('[]'),
  'a long URL': `postgres://${of('a,')}`,
  'beginnings of tokens': of('eyJ'),
  'beginnings of keys': of('sk-'),
};

const readers: Record<string, (text: string) => unknown> = {
  oneLine,
  shortened,
  hasInvisible,
  shapeOfSecret,
  withoutSecrets,
  looksLikeKey,
  faultOfId,
  faultOfNumbers,
  readExactJson,
  parseDatabaseUrl,
  parseExpression,
  nearest: (text) => nearest(text, ['customer', 'kind', 'quantity']),
  recordsOf: (text) => recordsOf(text, 'The file'),
};

describe('a text of half a million characters is read in time that grows with it: its square would take hours', () => {
  test.each(Object.keys(readers))('%s', (name) => {
    for (const text of Object.values(long)) read(text, readers[name]!);
    expect(read('x', readers[name]!)).toBeDefined();
  });

  test('a catalogue of one line with an error at each of its signs', () => {
    expect(read('', () => readYaml('[]'.repeat(60_000), 'plans.yaml'))).toMatchObject({
      refused: { kind: 'usage', message: expect.stringMatching(/^plans\.yaml:1:\d+: /) as string },
    });
  });
});
