import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../config/package-root.ts';
import { Findings } from './findings.ts';
import { readKinds, readMeters } from './read-meters.ts';
import { readYaml } from './read-yaml.ts';
import type { Standard } from './standard.ts';

/** Reads a file of the folder data/, which comes with subctl. */
export function shippedPath(name: string): string {
  return path.join(packageRoot(), 'data', name);
}

/** The kinds and meters of data/meters.yaml. */
export function readStandard(): Standard {
  const value = readYaml(readFileSync(shippedPath('meters.yaml'), 'utf8'), 'meters.yaml') as Record<
    string,
    unknown
  >;
  const findings = new Findings('meters.yaml');
  const kinds = readKinds(findings, value.kinds);
  const meters = readMeters(findings, value.meters, (kind) => kinds.find(({ id }) => id === kind)?.canonical);
  findings.throwIfRefused();
  return { kinds, meters };
}

/** The shipped catalogues by name, not yet read. */
export function shippedPresets(): Record<string, unknown> {
  const value = readYaml(readFileSync(shippedPath('presets.yaml'), 'utf8'), 'presets.yaml');
  return (value as { presets: Record<string, unknown> }).presets;
}

/** Lists the shipped catalogues: the name, the description and the plan ids of each. */
export function listShipped(): { name: string; description: string; plans: string[] }[] {
  const presets = shippedPresets() as Record<string, { description: string; plans: object }>;
  return Object.entries(presets).map(([name, { description, plans }]) => ({
    name,
    description,
    plans: Object.keys(plans),
  }));
}
