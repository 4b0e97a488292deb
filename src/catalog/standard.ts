import type { Kind, Meter } from './catalogue.ts';

/** The standard kinds and meters (data/meters.yaml), as read from the file. */
export interface Standard {
  kinds: Kind[];
  /** a `*` in the id stands for a provider */
  meters: Meter[];
}

/** Returns the standard meter of an id, for its provider when the id matches a pattern such as `calls.*`; undefined when none matches. */
export function standardMeter(standard: Standard, id: string): Meter | undefined {
  const exact = standard.meters.find((meter) => meter.id === id);
  if (exact) return exact.id.includes('*') ? undefined : exact;
  for (const pattern of standard.meters.filter((meter) => meter.id.includes('*'))) {
    const [before = '', after = ''] = pattern.id.split('*');
    const provider = id.slice(before.length, id.length - after.length);
    if (!id.startsWith(before) || !id.endsWith(after) || !/^[a-z0-9][a-z0-9_-]*$/.test(provider)) continue;
    return {
      ...pattern,
      id,
      name: pattern.name.replace('*', provider),
      providers: pattern.providers && pattern.providers.map((each) => (each === '*' ? provider : each)),
    };
  }
  return undefined;
}
