import path from 'node:path';
import { Failure } from '../domain/failure.ts';
import { type Format, type PrintOptions, parseFields } from '../terminal/print.ts';

/**
 * How the result is to be printed, from the common options of a command; a command that prints no rows has none of them. A file starts at `cwd`.
 * @throws Failure usage when --json and another --format are given, and for bad --fields
 */
export function printOptions(common: Record<string, unknown>, cwd: string): PrintOptions {
  const format = (common.format ?? 'table') as Format;
  if (common.json && format !== 'table' && format !== 'json') {
    throw new Failure('usage', `The options --json and --format ${format} contradict each other`, {
      hint: 'Give one of them',
    });
  }
  return {
    format: common.json ? 'json' : format,
    fields: common.fields === undefined ? undefined : parseFields(common.fields as string),
    output: common.output === undefined ? undefined : path.resolve(cwd, common.output as string),
    part: common.part as string | undefined,
    header: common.header !== false,
    csvGuard: common.csvGuard !== false,
    quiet: common.quiet === true,
  };
}
