// Which function of the engine calls which, read from drizzle/engine: the block `call map` of its README.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const folder = new URL('../drizzle/engine/', import.meta.url);
const roots = [
  'record_usage',
  'record_usage_many',
  'check_usage',
  'reserve_usage',
  'settle_usage',
  'preflight_usage',
  'explain_use',
  'usage_limits',
];

/** The functions that the roots reach, each with those that it calls, in the order of the calls. */
export function callMap() {
  const texts = new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.sql'))
      .map((file) => [path.basename(file, '.sql'), readFileSync(new URL(file, folder), 'utf8')]),
  );
  const called = (name) => {
    const code = texts.get(name).replaceAll(/--.*$/gm, '');
    const names = [...code.matchAll(/\bsubctl(?:_internal)?\.([a-z_0-9]+)\s*\(/g)].map(([, found]) => found);
    return [...new Set(names)].filter((found) => found !== name && texts.has(found));
  };
  const map = new Map();
  const visit = (name) => {
    if (map.has(name)) return;
    map.set(name, called(name));
    map.get(name).forEach(visit);
  };
  roots.forEach(visit);
  return map;
}

/** The map as a table: a row for each function that calls others. */
export function callMapBlock() {
  const rows = [...callMap()]
    .filter(([, calls]) => calls.length > 0)
    .map(([name, calls]) => `| \`${name}\` | ${calls.map((call) => `\`${call}\``).join(', ')} |\n`);
  return `| function | calls |\n| --- | --- |\n${rows.join('')}`;
}
