/** How deep lists and objects of a file may stand in one another. */
const deepest = 100;

const tooDeep = `is nested too deep: ${deepest} levels are the most`;

/**
 * What is wrong with the nesting of a YAML or JSON text that is to be read, as the end of a sentence. The reader of YAML calls itself for
 * each level and ends the whole process where its stack does, so the brackets and the indentation are looked at before it.
 */
export function faultOfText(text: string): string | undefined {
  let [open, most] = [0, 0];
  for (const [sign] of text.matchAll(/[[\]{}]/g)) {
    open = Math.max(0, open + (sign === '[' || sign === '{' ? 1 : -1));
    most = Math.max(most, open);
  }
  const isIndented = /^[ \t?:-]{300}/m.test(text);
  return most > 2 * deepest || isIndented ? tooDeep : undefined;
}

/** The same of the value: an alias inside of what it names, or too many levels. */
export function faultOfValue(value: unknown): string | undefined {
  const above = new Set<object>();
  const visit = (one: unknown): string | undefined => {
    if (typeof one !== 'object' || one === null) return undefined;
    if (above.has(one)) return 'has an alias inside of what it names';
    if (above.size >= deepest) return tooDeep;
    above.add(one);
    for (const inner of Object.values(one)) {
      const fault = visit(inner);
      if (fault) return fault;
    }
    above.delete(one);
    return undefined;
  };
  return visit(value);
}
