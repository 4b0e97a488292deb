import { type SqlFile } from './bundled-sql.ts';
import type { Db } from './connect.ts';
import { isView } from './function-order.ts';
import { runSql } from './run-sql.ts';
import { inSavepoint } from './savepoint.ts';
import { sqlStateOf } from './server-error.ts';
import { dropDependents } from './drop-dependents.ts';

/** A column that a view reads can be neither dropped nor given another type. */
const viewInTheWay = new Set(['2BP01', '0A000']);

export interface MigrationChange {
  migrations: readonly SqlFile[];
  /** all functions and views of the program */
  functions: readonly SqlFile[];
  /** name → checksum of the migrations that the database has */
  recorded: ReadonlyMap<string, string>;
}

export interface MigrationsApplied {
  applied: string[];
  /** views that had to be dropped, to be made again, and what then gives their privileges back */
  views: { names: string[]; grants: string[] };
}

/** Applies the migrations that are not recorded, in the order of their numbers. Where one of our views stands in the way, all are taken down. */
export async function applyMigrations(
  tx: Db,
  { migrations, functions, recorded }: MigrationChange,
): Promise<MigrationsApplied> {
  const pending = migrations.filter(({ name }) => !recorded.has(name));
  const done = {
    applied: pending.map(({ name }) => name),
    views: { names: [] as string[], grants: [] as string[] },
  };
  if (pending.length === 0) return done;
  try {
    await inSavepoint(tx, (inner) => apply(inner, pending));
  } catch (error) {
    if (!viewInTheWay.has(sqlStateOf(error) ?? '')) throw error;
    const names = functions.filter(isView).map(({ name }) => name);
    const grants = await dropDependents(tx, { views: names, routines: [] });
    done.views = { names, grants: [...grants.values()].flat() };
    await apply(tx, pending);
  }
  return done;
}

async function apply(tx: Db, files: readonly SqlFile[]): Promise<void> {
  for (const { name, text } of files) {
    const statements = text.split('--> statement-breakpoint');
    for (const [at, statement] of statements.entries())
      await runSql(tx, statement, `${name}.sql, statement ${at + 1}`);
  }
}
