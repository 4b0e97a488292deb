import { type Params, integer, text, type Value } from './form.ts';
import { idOf, invalid, type World } from './world.ts';

interface Page {
  object: 'list';
  data: object[];
  has_more: boolean;
  url: string;
}

/** One page of a list, as Stripe cuts it: 10 unless said, at most 100, after or before an object. */
export function completeList(all: readonly { id: string }[], params: Params): Page {
  const limit = integer(params['limit']) ?? 10;
  if (limit < 1 || limit > 100) throw invalid('Invalid integer', 'limit');
  const [after, before] = [text(params['starting_after']), text(params['ending_before'])];
  let from = 0;
  if (after) from = at(all, after, 'starting_after') + 1;
  if (before) {
    const end = at(all, before, 'ending_before');
    const start = Math.max(0, end - limit);
    return { object: 'list', data: all.slice(start, end), has_more: start > 0, url: '' };
  }
  return {
    object: 'list',
    data: all.slice(from, from + limit),
    has_more: from + limit < all.length,
    url: '',
  };
}

function at(all: readonly { id: string }[], id: string, param: string): number {
  const found = all.findIndex((each) => each.id === id);
  if (found < 0) throw invalid(`No such object: '${id}'`, param, 'resource_missing');
  return found;
}

/** Puts whole objects where ids stand, along the paths of `expand`; `payments` and `refunds` are shown only when asked for. */
export function expand(world: World, answer: object, paths: readonly Value[]): object {
  const copy = JSON.parse(JSON.stringify(answer)) as object;
  for (const path of paths)
    if (typeof path === 'string') expandOne(world, copy as Record<string, unknown>, path.split('.'));
  return copy;
}

function expandOne(world: World, holder: Record<string, unknown>, [field, ...rest]: string[]): void {
  if (field === undefined) return;
  if (holder[field] === undefined) include(world, holder, field);
  const value = holder[field];
  if (typeof value === 'string') holder[field] = copyOf(world, value);
  if (Array.isArray(value)) {
    holder[field] = value.map((each: unknown) => (typeof each === 'string' ? copyOf(world, each) : each));
    for (const each of holder[field] as Record<string, unknown>[]) expandOne(world, each, rest);
  } else if (holder[field] && typeof holder[field] === 'object')
    expandOne(world, holder[field] as Record<string, unknown>, rest);
}

function include(world: World, holder: Record<string, unknown>, field: string): void {
  const id = idOf(holder as { id: string });
  const data =
    field === 'payments'
      ? world.list('invoice_payment', (each) => each.invoice === id)
      : field === 'refunds'
        ? world.list('refund', (each) => each.charge === id)
        : undefined;
  if (!data) throw invalid(`This property cannot be expanded (${field}).`, 'expand');
  holder[field] = JSON.parse(JSON.stringify({ object: 'list', data, has_more: false, url: '' })) as object;
}

const copyOf = (world: World, id: string): unknown =>
  JSON.parse(JSON.stringify(world.held.get(id) ?? id)) as unknown;
