import { oneLine } from '../domain/plain-text.ts';
import { Failure } from '../domain/failure.ts';
import { outcomeInDigits } from './currency-digits.ts';
import { writeJson, writeJsonRows, writeNdjson } from './formats/json.ts';
import type { JqFilter } from './jq.ts';
import { partOf } from './parts.ts';
import { type Selection, selectRows } from './select-rows.ts';
import { UnknownField, pickColumns, pickKeys } from './fields.ts';
import type { Outcome, RecordOutcome, Row, RowsOutcome, Section } from './outcome.ts';
import { filteredSink, screenSink } from './screen-sink.ts';
import { type Sink, fileSink } from './sink.ts';
import type { Terminal } from './terminal.ts';
import { begun, type Rows } from './rows.ts';

export const formats = ['table', 'json', 'ndjson', 'csv', 'tsv', 'markdown', 'html'] as const;
export type Format = (typeof formats)[number];

export interface PrintOptions extends Selection {
  format: Format;
  /** keys, in order, in place of all */
  fields?: readonly string[] | undefined;
  /** the list of a record to print in place of the record */
  part?: string | undefined;
  /** the list that CSV and TSV have of a record */
  mainPart?: string | undefined;
  /** a file in place of stdout */
  output?: string | undefined;
  header: boolean;
  csvGuard: boolean;
  /** the command that shows a table that is longer than the screen */
  pager?: string | undefined;
  /** what is printed in place of the JSON */
  jq?: JqFilter | undefined;
  /** a person at a terminal reads how far instants are from it */
  now?: Date | undefined;
  quiet: boolean;
  /** the database was changed: from here on nothing may look as if it had not been */
  changed?: boolean;
}

/** Prints what a command returned: the result to stdout or the file, notes to stderr. A file is written whole or not at all. */
export async function print(returned: Outcome, terminal: Terminal, options: PrintOptions): Promise<void> {
  const outcome = outcomeInDigits(returned);
  const target = options.output
    ? await fileSink(options.output, outcome.secret ? 0o600 : undefined)
    : await screenSink(terminal, options);
  const sink = options.jq ? filteredSink(target, options.jq) : target;
  const notes = [...(outcome.notes ?? [])];
  try {
    notes.push(...(await writeWhole(outcome, sink, terminal, options)));
    await sink.commit();
  } catch (error) {
    await sink.abandon();
    throw error;
  }
  if (options.output && sink.isFile) notes.push(`Wrote ${options.output}`);
  if (!options.quiet) for (const note of notes) terminal.err(`${oneLine(note)}\n`);
}

/** After a change an unknown field is no refusal any more (the caller would do it all again): every field is printed, with a note. */
async function writeWhole(
  outcome: Outcome,
  sink: Sink,
  terminal: Terminal,
  options: PrintOptions,
): Promise<string[]> {
  try {
    return await write(outcome, sink, terminal, options);
  } catch (error) {
    if (!options.changed || !(error instanceof UnknownField)) throw error;
    const notes = await write(outcome, sink, terminal, { ...options, fields: undefined });
    return [...notes, `Done; ${error.message} ${error.hint}`];
  }
}

async function write(
  outcome: Outcome,
  sink: Sink,
  terminal: Terminal,
  options: PrintOptions,
): Promise<string[]> {
  if ('text' in outcome) return writeText(outcome, sink, options);
  if ('record' in outcome) return writeRecord(outcome, sink, terminal, options);
  return writeRows(outcome, sink, terminal, options);
}

async function writeText(
  { text, json }: { text: string; json?: unknown },
  sink: Sink,
  { format }: PrintOptions,
) {
  if (format === 'json') await writeJson(sink, json ?? { text });
  else await sink.write(text);
  return [];
}

/** More rows than a person reads in a table. */
const manyRows = 1_000;

async function writeRows(
  whole: RowsOutcome,
  sink: Sink,
  terminal: Terminal,
  options: PrintOptions,
): Promise<string[]> {
  const { format, header, csvGuard: guard, fields } = options;
  const outcome = selectRows(whole, options);
  const columns = pickColumns(outcome.columns, fields);
  const rows = { ...outcome, columns, rows: await begun(outcome.rows) };
  if (format === 'json') {
    await (outcome.json !== undefined && !fields ? writeJson(sink, outcome.json) : writeJsonRows(sink, rows));
  } else if (format === 'ndjson') await writeNdjson(sink, rows);
  else if (format === 'csv') await (await import('./formats/csv.ts')).writeCsv(sink, rows, { header, guard });
  else if (format === 'tsv') await (await import('./formats/csv.ts')).writeTsv(sink, rows, { header, guard });
  else if (format === 'markdown') await (await import('./formats/markdown.ts')).writeMarkdown(sink, rows);
  else if (format === 'html') await (await import('./formats/html.ts')).writeHtml(sink, [rows]);
  else {
    const { writeTable } = await import('./formats/table.ts');
    const { dropped, rows: count } = await writeTable(sink, rows, tableOptions(terminal, options));
    const notes =
      dropped.length > 0
        ? [`Not shown at this width: ${dropped.join(', ')} (--fields or --format csv shows them)`]
        : [];
    return count > manyRows
      ? [...notes, `${count} rows are many for a table: --format csv has them one a line`]
      : notes;
  }
  return [];
}

function refuseSelection({ sort, filter }: Selection): void {
  if (sort ?? filter)
    throw new Failure('usage', '--sort and --filter go with a list, and this result is one record', {
      hint: 'Choose one of its lists with --part, if it has any',
    });
}

async function writeRecord(
  outcome: RecordOutcome,
  sink: Sink,
  terminal: Terminal,
  options: PrintOptions,
): Promise<string[]> {
  const { record, timezone, title } = outcome;
  const part = partOf(outcome, options);
  if (part) return writeRows(part, sink, terminal, options);
  refuseSelection(options);
  const keys = pickKeys(Object.keys(record), options.fields);
  const picked: Row = Object.fromEntries(keys.map((key) => [key, record[key] ?? null]));
  if (options.format === 'json') await writeJson(sink, picked);
  else if (options.format === 'html' && outcome.page && !options.fields) await sink.write(outcome.page());
  else if (options.format === 'table') {
    const plain: Section = { entries: keys.map((key) => [key.replaceAll('_', ' '), picked[key]] as const) };
    const sections = options.fields
      ? [plain]
      : (outcome.sections ?? [{ ...plain, ...(title ? { title } : {}) }]);
    const { drawSections } = await import('./formats/table.ts');
    await sink.write(await drawSections(sections, { ...tableOptions(terminal, options), timezone }));
  } else if (outcome.sections && !options.fields && isForReading(options.format)) {
    await writeSections(outcome.sections, sink, { ...options, title, timezone });
  } else {
    const columns = keys.map((key) => ({ key }));
    return writeRows(
      { rows: [picked], columns, ...(title ? { title } : {}), ...(timezone ? { timezone } : {}) },
      sink,
      terminal,
      options,
    );
  }
  return [];
}

const isForReading = (format: Format): boolean => format === 'html' || format === 'markdown';

/** What people see of a record, as one table a section. */
async function writeSections(
  sections: readonly Section[],
  sink: Sink,
  { format, title, timezone }: PrintOptions & { title?: string | undefined; timezone?: string | undefined },
): Promise<void> {
  const parts = sections.map((section) =>
    'charts' in section ? section : { ...tableOf(section, format), title: section.title, timezone },
  );
  if (format === 'html') return (await import('./formats/html.ts')).writeHtml(sink, parts, title);
  const { writeMarkdown } = await import('./formats/markdown.ts');
  let first = true;
  for (const part of parts) {
    if ('charts' in part) continue;
    if (!first) await sink.write('\n');
    first = false;
    await writeMarkdown(sink, part);
  }
}

function tableOf(section: Exclude<Section, { charts: unknown }>, format: Format): Rows {
  if ('columns' in section)
    return { columns: section.columns, rows: section.rows, ...(section.empty && { empty: section.empty }) };
  const columns = [
    { key: 'label', title: format === 'markdown' ? 'field' : '' },
    { key: 'value', title: format === 'markdown' ? 'value' : '' },
  ];
  return { columns, rows: section.entries.map(([label, value]) => ({ label, value })) };
}

function tableOptions(terminal: Terminal, { header, output, now }: PrintOptions) {
  return output
    ? { header, width: 120, colours: 0 as const }
    : {
        header,
        width: terminal.columns,
        colours: terminal.outColours,
        now: terminal.outIsTerminal ? now : undefined,
      };
}

/** Reads `--fields a,b`. @throws Failure usage when a name is empty or given twice */
export function parseFields(text: string): string[] {
  const fields = text.split(',').map((field) => field.trim());
  const twice = fields.find((field, at) => fields.indexOf(field) !== at);
  if (fields.includes('') || twice !== undefined) {
    throw new Failure(
      'usage',
      `The --fields '${text}' ${twice ? `names ${twice} twice` : 'has an empty name'}`,
      {
        hint: 'Give names with commas: --fields id,email',
      },
    );
  }
  return fields;
}
