import Big from 'big.js';
import type { ModelEntry } from './catalogue.ts';
import { type Findings, join } from './findings.ts';
import { readAmount, readFlag, readMapping, readTexts } from './read-values.ts';

/** Reads `models:` of a file: aliases, free_tier and multiplier, by provider and name pattern (`*` matches any characters). */
export function readModels(findings: Findings, value: unknown): ModelEntry[] {
  return Object.entries(readMapping(findings, 'models', value)).flatMap(([provider, patterns]) =>
    Object.entries(readMapping(findings, join('models', provider), patterns)).map(([pattern, entry]) => {
      const path = join(join('models', provider), pattern);
      const map = readMapping(findings, path, entry);
      findings.unknownKeys(path, map, ['aliases', 'free_tier', 'multiplier']);
      const multiplier = readAmount(findings, join(path, 'multiplier'), map.multiplier) ?? '1';
      if (new Big(multiplier).eq(0))
        findings.refuse(join(path, 'multiplier'), 'a multiplier must be above 0');
      return {
        provider,
        pattern,
        aliases: readTexts(findings, join(path, 'aliases'), map.aliases) ?? [],
        freeTier: readFlag(findings, join(path, 'free_tier'), map.free_tier) ?? false,
        multiplier,
      };
    }),
  );
}
