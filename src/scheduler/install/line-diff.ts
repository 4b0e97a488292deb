/** The lines of `before` and `after` as one list: `- ` for what goes, `+ ` for what comes, two spaces for what stays. */
export function lineDiff(before: string, after: string): string[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  const common = commonLengths(old, now);
  const found: string[] = [];
  let [a, b] = [0, 0];
  while (a < old.length || b < now.length) {
    if (a < old.length && b < now.length && old[a] === now[b]) {
      found.push(`  ${old[a]}`);
      [a, b] = [a + 1, b + 1];
    } else if (b >= now.length || (a < old.length && common[a + 1]![b]! >= common[a]![b + 1]!)) {
      found.push(`- ${old[a++]}`);
    } else found.push(`+ ${now[b++]}`);
  }
  return found;
}

/** How many lines `old` from a and `now` from b have in common, in order. */
function commonLengths(old: readonly string[], now: readonly string[]): number[][] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Array<number>(now.length + 1).fill(0));
  for (let a = old.length - 1; a >= 0; a--)
    for (let b = now.length - 1; b >= 0; b--)
      lengths[a]![b] =
        old[a] === now[b] ? lengths[a + 1]![b + 1]! + 1 : Math.max(lengths[a + 1]![b]!, lengths[a]![b + 1]!);
  return lengths;
}

function linesOf(text: string): string[] {
  if (text === '') return [];
  return text.replace(/\r?\n$/, '').split(/\r?\n/);
}
