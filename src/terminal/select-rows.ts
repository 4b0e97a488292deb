import Big from 'big.js';
import { Failure } from '../domain/failure.ts';
import type { Row, RowsOutcome } from './outcome.ts';
import { pickKeys } from './fields.ts';

/** `--sort used:desc`. */
export interface Sort {
  field: string;
  descending: boolean;
}

/** `--filter status=past_due`: a row is kept when the value of the field stands so to `value`. */
export interface Filter {
  field: string;
  operator: '=' | '!=' | '~' | '!~' | '>' | '>=' | '<' | '<=';
  value: string;
}

/** Which rows of a list are printed, and in which order. */
export interface Selection {
  sort?: readonly Sort[] | undefined;
  /** all of them must hold */
  filter?: readonly Filter[] | undefined;
  /** rows at most, after filter and sort */
  limit?: number | undefined;
}

/** Reads `field` or `field:desc`. @throws Failure usage */
export function parseSort(text: string, name = '--sort'): Sort {
  const [, field, direction] = /^([a-z0-9_]+)(?::(asc|desc))?$/.exec(text.trim()) ?? [];
  if (field === undefined)
    throw new Failure('usage', `The ${name} '${text}' is not FIELD, FIELD:asc or FIELD:desc`, {
      hint: 'Name a field of the result: --sort created_at:desc',
    });
  return { field, descending: direction === 'desc' };
}

/** Reads `field=value` with one of the operators = != ~ !~ > >= < <=. @throws Failure usage */
export function parseFilter(text: string, name = '--filter'): Filter {
  const [, field, operator, value] = /^([a-z0-9_]+)\s*(!=|!~|>=|<=|=|~|>|<)(.*)$/s.exec(text.trim()) ?? [];
  if (field === undefined)
    throw new Failure('usage', `The ${name} '${text}' is not FIELD=VALUE`, {
      hint: 'Give a field, one of = != ~ !~ > >= < <= and a value: --filter status=active, --filter "cost>=1.5"',
    });
  return { field, operator: operator as Filter['operator'], value: value!.trim() };
}

/**
 * The rows that a selection leaves. Without --sort they are streamed; with it all of them are read first.
 * @throws Failure usage for a field that the result does not have
 */
export function selectRows(outcome: RowsOutcome, { sort = [], filter = [], limit }: Selection): RowsOutcome {
  if (sort.length === 0 && filter.length === 0 && limit === undefined) return outcome;
  const keys = outcome.columns.map(({ key }) => key);
  pickKeys(keys, [...new Set([...sort, ...filter].map(({ field }) => field))]);
  const { json: _, ...rest } = outcome;
  return {
    ...rest,
    rows: selected(outcome, { sort, filter, limit }),
    empty: filter.length > 0 ? 'No rows match' : outcome.empty,
  };
}

async function* selected(
  { rows }: RowsOutcome,
  { sort = [], filter = [], limit }: Selection,
): AsyncGenerator<Row> {
  let left = limit ?? Infinity;
  for await (const row of sort.length > 0 ? sorted(rows, sort, filter) : rows) {
    if (left === 0) return;
    if (sort.length === 0 && !matches(row, filter)) continue;
    left -= 1;
    yield row;
  }
}

async function* sorted(
  rows: RowsOutcome['rows'],
  sort: readonly Sort[],
  filter: readonly Filter[],
): AsyncGenerator<Row> {
  const kept: Row[] = [];
  for await (const row of rows) if (matches(row, filter)) kept.push(row);
  yield* kept.sort((a, b) => {
    for (const { field, descending } of sort) {
      const order = inOrder(a[field], b[field], descending);
      if (order !== 0) return order;
    }
    return 0;
  });
}

/** Values that are missing come last in either direction. */
function inOrder(a: unknown, b: unknown, descending: boolean): number {
  const [noA, noB] = [a, b].map((value) => value === null || value === undefined || value === '');
  if (noA || noB) return missingLast(noA === true, noB === true);
  return compare(textOf(a), textOf(b)) * (descending ? -1 : 1);
}

function missingLast(a: boolean, b: boolean): number {
  if (a === b) return 0;
  return a ? 1 : -1;
}

function matches(row: Row, filter: readonly Filter[]): boolean {
  return filter.every(({ field, operator, value }) => {
    const found = textOf(row[field]);
    if (operator === '=' || operator === '!=') return (compare(found, value) === 0) === (operator === '=');
    if (operator === '~' || operator === '!~')
      return found.toLowerCase().includes(value.toLowerCase()) === (operator === '~');
    if (found === '') return false;
    const order = compare(found, value);
    return operator.startsWith('>')
      ? order > 0 || (order === 0 && operator === '>=')
      : order < 0 || (order === 0 && operator === '<=');
  });
}

const decimal = /^-?\d+(\.\d+)?$/;

/** Decimals by their exact value, all else by code point. */
function compare(a: string, b: string): number {
  if (decimal.test(a) && decimal.test(b)) return new Big(a).cmp(b);
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** A value as a filter is written: instants in ISO 8601, yes and no as true and false, lists with commas. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(textOf).join(',');
  return typeof value === 'object'
    ? JSON.stringify(value)
    : String(value as string | number | boolean | bigint);
}
