import { Failure } from '../domain/failure.ts';

/** A program in jq's language, ready to run. */
export type JqFilter = (input: unknown) => Iterable<unknown>;

/**
 * Compiles an expression of jq (jqlang.org), as gh's --jq takes it.
 * @throws Failure usage when it is not one
 */
export async function compileJq(text: string): Promise<JqFilter> {
  const { default: jq } = await import('@michaelhomer/jqjs');
  try {
    return jq.compile(text) as JqFilter;
  } catch (error) {
    throw new Failure('usage', `The --jq '${text}' is not an expression of jq: ${reason(error)}`, {
      hint: "Quote it: --jq '.[] | .id'",
      cause: error,
    });
  }
}

/**
 * The results of a filter as lines: text as it is, everything else as JSON in one line (jq -r).
 * @throws Failure usage when the filter does not fit the data
 */
export function jqLines(filter: JqFilter, input: unknown): string {
  try {
    return [...filter(input)]
      .map((value) => `${typeof value === 'string' ? value : JSON.stringify(value)}\n`)
      .join('');
  } catch (error) {
    throw new Failure('usage', `The --jq does not fit the result: ${reason(error)}`, {
      hint: 'See the result with --json',
      cause: error,
    });
  }
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));
