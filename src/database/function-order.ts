import type { SqlFile } from './bundled-sql.ts';

/** Whether a file of drizzle/engine makes a view; else it makes a function or procedure. */
export function isView({ text }: SqlFile): boolean {
  return /^create or replace view\b/im.test(text);
}

/** Which schema the object of a file of drizzle/engine is in: what applications may name, or what only the program calls. */
export function schemaOf({ text }: SqlFile): 'subctl' | 'subctl_internal' {
  return /^create or replace \w+ subctl_internal\./im.test(text) ? 'subctl_internal' : 'subctl';
}

/**
 * The files in an order in which each comes after those that it names (`subctl_internal.other`), so that a view finds its functions. Where
 * functions call one another in a circle the circle is cut: PL/pgSQL looks its callees up when it runs.
 */
export function inOrderOfUse(files: readonly SqlFile[]): SqlFile[] {
  const byName = new Map(files.map((file) => [file.name, file]));
  const ordered = new Set<SqlFile>();
  const onTheWay = new Set<SqlFile>();
  const place = (file: SqlFile): void => {
    if (ordered.has(file) || onTheWay.has(file)) return;
    onTheWay.add(file);
    for (const name of namesIn(file)) {
      const used = byName.get(name);
      if (used) place(used);
    }
    ordered.add(file);
  };
  files.forEach(place);
  return [...ordered];
}

function namesIn({ text }: SqlFile): string[] {
  const code = text.replace(/--.*$/gm, '');
  return [...code.matchAll(/\bsubctl(?:_internal)?\.([a-z_][a-z0-9_]*)/g)].map(([, name]) => name as string);
}
