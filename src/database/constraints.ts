import type { FailureKind } from '../domain/failure.ts';
import type { ServerError } from './server-error.ts';

interface Sentence {
  kind: FailureKind;
  message: string;
  hint?: string;
}

/**
 * A plain sentence for a broken constraint (SQLSTATE 23…): a key that exists is `conflict`, a reference to nothing `not_found`,
 * a row that others need `refused`, a value outside its bounds `usage`. Citus adds `_<digits>` to the names of a shard's table and
 * constraint: they are taken off. A missing value (23502) is a bug of ours and gives undefined.
 */
export function constraintSentence(error: ServerError): Sentence | undefined {
  const name = withoutShard(error.constraint ?? '');
  const table = withoutShard(error.table ?? '').replaceAll('_', ' ');
  const { columns, values } = readDetail(error.detail ?? '');
  const shown = values ? `${columns} '${values}'` : `the same values (${name})`;
  switch (error.code) {
    case '23505':
      return { kind: 'conflict', message: `${capital(table)}: ${shown} exists already` };
    case '23P01':
      return { kind: 'conflict', message: `${capital(table)}: it overlaps with a row that exists (${name})` };
    case '23503':
      return /is still referenced/.test(error.detail ?? '')
        ? { kind: 'refused', message: `Rows of ${table} still need ${shown} (${name})` }
        : {
            kind: 'not_found',
            message: `There is no ${referenced(error.detail)} with ${shown}, which ${table} must name`,
          };
    case '23514':
      return { kind: 'usage', message: `${capital(table)}: a value breaks the rule ${name}` };
    default:
      return undefined;
  }
}

/** `customers_pkey_102008` → `customers_pkey`. */
function withoutShard(name: string): string {
  return name.replace(/_\d{5,}$/, '');
}

/** `Key (customer_id, id)=(acme, 1) already exists.` */
function readDetail(detail: string): { columns: string; values: string } {
  const match = /^Key \((.*?)\)=\((.*)\) /s.exec(detail);
  return { columns: match?.[1] ?? '', values: match?.[2] ?? '' };
}

function referenced(detail = ''): string {
  return withoutShard(/table "([^"]+)"/.exec(detail)?.[1] ?? 'row').replaceAll('_', ' ');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
