/**
 * The word of `known` that was probably meant by `given`: at most two slips of a key away and less than half of the word, or the only
 * one that begins with it. Undefined when nothing is near.
 */
export function nearest(given: string, known: readonly string[]): string | undefined {
  const word = given.toLowerCase();
  const beginning = known.filter((candidate) => word.length > 1 && candidate.toLowerCase().startsWith(word));
  if (beginning.length === 1) return beginning[0];
  // letters that one has more than the other are slips already: a long word is compared with nothing
  const close = known.filter((candidate) => Math.abs(candidate.length - word.length) <= 2);
  const scored = close.map((candidate) => ({
    candidate,
    slips: slipsBetween(word, candidate.toLowerCase()),
  }));
  scored.sort((a, b) => a.slips - b.slips);
  const best = scored[0];
  return best && best.slips <= Math.min(2, word.length / 2) ? best.candidate : undefined;
}

/** Letters to add, drop, change or swap with their neighbour to get from `a` to `b`. */
export function slipsBetween(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(row[j - 1]! + 1, rows[i - 1]![j]! + 1, changed);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) row[j] = Math.min(row[j]!, rows[i - 2]![j - 2]! + 1);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
