import type { Db } from '../database/connect.ts';

/**
 * Sets, for one transaction, what the text of a value depends on, so that the same row is the same text on every server; lets long
 * statements run to their end; and has a row that a policy would hide fail the statement instead of being left out.
 */
export async function useArchiveSettings(tx: Db): Promise<void> {
  await tx`
    select set_config(s.name, s.value, true)
      from (values ('timezone', 'UTC'), ('datestyle', 'ISO, YMD'), ('intervalstyle', 'postgres'), ('extra_float_digits', '3'),
                   ('bytea_output', 'hex'), ('row_security', 'off'), ('jit', 'off'), ('statement_timeout', '0'),
                   ('idle_in_transaction_session_timeout', '0'), ('transaction_timeout', '0')) as s(name, value)
     where s.name <> 'transaction_timeout' or exists (select 1 from pg_settings p where p.name = s.name)`;
}

/** `name` as SQL writes an identifier. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A table of schema subctl with its columns, as COPY names it. */
export function copied({ name, columns }: { name: string; columns: readonly string[] }): string {
  return `subctl.${quoted(name)} (${columns.map(quoted).join(', ')})`;
}
