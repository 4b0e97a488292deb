// drizzle-kit compares with the newest snapshot of the schema alone: those before it are weight.
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

const folder = path.join(import.meta.dirname, '../drizzle/meta');
const snapshots = readdirSync(folder)
  .filter((name) => name.endsWith('_snapshot.json'))
  .toSorted();
for (const name of snapshots.slice(0, -1)) rmSync(path.join(folder, name));
