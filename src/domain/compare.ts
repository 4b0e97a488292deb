/** Orders texts by their code units, the same in every locale: negative, 0 or positive, as `sort` takes it. */
export function compareText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
