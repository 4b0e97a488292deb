import path from 'node:path';
import { Failure } from '../domain/failure.ts';
import { type Format, type PrintOptions, formats, parseFields } from '../terminal/print.ts';
import type { Filter, Sort } from '../terminal/select-rows.ts';

/**
 * Reads the print options from the common options; commands without rows have none. --output is relative to `cwd`.
 * @throws Failure usage when --json or --jq and another --format are given, for a format as --output, and for bad --fields
 */
export function printOptions(common: Record<string, unknown>, cwd: string): PrintOptions {
  const format = (common.format ?? 'table') as Format;
  refuseContradictions(common, format);
  return {
    format: common.json || common.jq ? 'json' : format,
    sort: common.sort as readonly Sort[] | undefined,
    filter: common.filter as readonly Filter[] | undefined,
    limit: common.limit as number | undefined,
    fields: common.fields === undefined ? undefined : parseFields(common.fields as string),
    output: common.output === undefined ? undefined : path.resolve(cwd, common.output as string),
    part: common.part as string | undefined,
    header: common.header !== false,
    csvGuard: common.csvGuard !== false,
    quiet: common.quiet === true,
  };
}

/** @throws Failure usage for options of which one makes another one void, and for a format in the place of a file */
function refuseContradictions({ json, jq, output }: Record<string, unknown>, format: Format): void {
  const first = [jq !== undefined && '--jq', json && '--json'].find(Boolean) as string | undefined;
  if (first && format !== 'table' && format !== 'json')
    throw new Failure('usage', `The options ${first} and --format ${format} contradict each other`, {
      hint: 'Give one of them',
    });
  if (formats.some((one) => one === output))
    throw new Failure('usage', `The -o '${output as string}' is a format, and -o names a file`, {
      hint: `Give --format ${output as string}, or -o ./${output as string} for a file of that name`,
    });
}
