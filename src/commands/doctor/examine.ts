import { describeDatabase, examine } from '../../books/examine.ts';
import { isExternal } from '../../database/connect.ts';
import { examineKeys } from '../../keys/examine-keys.ts';
import type { Column, Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { examineAccount } from '../../roles/examine-account.ts';
import { keyRingIfAny } from '../keys/ring.ts';
import { type Line, linesOfChecks } from './lines.ts';
import { proveBooks, repair } from './prove-books.ts';
import type { doctor } from './spec.ts';

const columns: readonly Column[] = [
  { key: 'check' },
  { key: 'state' },
  { key: 'found', show: (value) => (value as string[]).join('; ') || '-' },
  { key: 'count', hidden: true },
  { key: 'hint', hidden: true },
  { key: 'rows', hidden: true },
];

/** Makes the checks, proves the books where that is asked for, and says what to do about what they found. */
export async function run(context: Context, asked: InputOf<typeof doctor>): Promise<Outcome> {
  const books: Line[] = asked.repair ? await repair(context) : asked.deep ? await proveBooks(context) : [];
  const db = await context.database();
  const { server, schema, setUpBy } = await describeDatabase(db);
  const now = await context.now();
  const keys = await examineKeys(db, { now, openRing: () => keyRingIfAny(context) });
  const lines = [...linesOfChecks([...(await examine(db, now)), ...keys]), ...books];
  const account = isExternal((await context.settings()).database) ? await examineAccount(db) : [];
  const unproved =
    books.length > 0 ? ['How often uses were refused is kept nowhere else and is not proved'] : [];
  const wrong = lines.filter(({ state }) => state !== 'ok' && state !== 'repaired');
  return {
    title: `PostgreSQL ${server}, schema ${schema} by subctl ${setUpBy}`,
    columns,
    rows: lines as never,
    notes: [...account, ...unproved],
    footer: wrong.map(({ check, hint }) => `${check}: ${hint}`),
    ...(wrong.length > 0 ? { exit: 'refused' as const } : {}),
  };
}
