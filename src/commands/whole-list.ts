import type { Line } from './parse.ts';

/**
 * The input of a command whose list is sorted or filtered: it returns the whole list, and --limit is applied afterwards. --count is the
 * old name of --limit.
 */
export function wholeList({ spec, input, common }: Line): { input: unknown[]; limit?: number } {
  const own = spec.options.find(({ key }) => key === 'limit');
  const options = input.at(-1) as Record<string, unknown>;
  const asked = (common.count ?? options.limit) as number | undefined;
  if (!own) return common.count === undefined ? { input } : { input, limit: common.count as number };
  // of a command that writes, the limit is how much it does
  if (spec.writes || (common.sort === undefined && common.filter === undefined))
    return { input: [...input.slice(0, -1), { ...options, limit: asked }] };
  return {
    input: [...input.slice(0, -1), { ...options, limit: own.max }],
    ...(asked !== undefined && { limit: asked }),
  };
}
