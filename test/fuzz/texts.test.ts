import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { databaseSettings } from '../../src/config/database-settings.ts';
import { inputs, patience, runs } from './inputs.ts';
import { around } from './nasty.ts';
import { parsers } from './parsers.ts';
import { read } from './refusal.ts';

vi.setConfig({ testTimeout: patience });

for (const setting of databaseSettings)
  parsers[`setting ${setting.key}`] = {
    seeds: [
      String(setting.default),
      '7',
      'true',
      'USD,EUR',
      'Europe/Berlin',
      '1,3,7',
      'openai',
      'https://example.com/x',
    ],
    parse: (text) => setting.read(text),
    holds: (value: unknown) =>
      expect(Array.isArray(value) || new RegExp(setting.form).test(String(value))).toBe(true),
    share: 0.1,
  };

describe('a text is read, or refused with one sentence', () => {
  test.each(Object.entries(parsers).map(([name, parser]) => [name, inputs(parser.share), parser] as const))(
    '%s: %d inputs',
    (_name, _count, { seeds, parse, holds, share }) => {
      let accepted = 0;
      fc.assert(
        fc.property(around(seeds), (text) => {
          const found = read(text, parse);
          if ('refused' in found) return;
          accepted += 1;
          holds?.(found.value as never, text);
        }),
        { ...runs(share), examples: seeds.map((seed): [string] => [seed]) },
      );
      expect(accepted, 'of its seeds at least some are right').toBeGreaterThan(0);
    },
  );
});
