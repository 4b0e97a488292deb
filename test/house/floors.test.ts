import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Import, importsIn, root } from './sources.ts';

/** From the ground up; STYLE: imports go down only. Rooms on one floor leave one another alone, except on the second. */
const floors: readonly (readonly string[])[] = [
  ['domain'],
  ['config', 'database', 'files', 'payments', 'terminal'],
  // a room here may use those before it in the list
  [
    'settings',
    'customers',
    'api-tokens',
    'roles',
    'keys',
    'catalog',
    'pricing',
    'credits',
    'usage',
    'invoices',
    'subscriptions',
    'billing',
    'stripe-sync',
    'alerts',
    'notifications',
    'reports',
    'integrity',
    'backup',
    'privacy',
  ],
  ['http', 'scheduler', 'tasks'],
  ['daemon'],
  ['library', 'commands'],
  ['run.ts', 'main.ts'],
];
const ordered = new Set([2, 3, 5, 6]);

const imports = importsIn('src');
const roomOf = (file: string) => file.split('/')[1]!;
const floorOf = (room: string) => floors.findIndex((rooms) => rooms.includes(room));

function isAllowed({ from, to }: Import): boolean {
  const [user, used] = [roomOf(from), roomOf(to)];
  if (user === used) return true;
  const [high, low] = [floorOf(user), floorOf(used)];
  if (high !== low) return high > low;
  return ordered.has(high) && floors[high]!.indexOf(used) < floors[high]!.indexOf(user);
}

describe('the floors', () => {
  it('every room has its place', () => {
    const rooms = readdirSync(path.join(root, 'src')).filter(
      (name) => name.endsWith('.ts') || statSync(path.join(root, 'src', name)).isDirectory(),
    );
    expect(
      rooms.filter((room) => floorOf(room) < 0),
      'A new room must be given a floor in this test and a line in src/README.md',
    ).toEqual([]);
  });

  it('imports go down only', () => {
    const wrong = imports.filter((one) => !isAllowed(one)).map(({ from, to }) => `${from} imports ${to}`);
    expect(
      wrong,
      'A room may use rooms on lower floors, and on the second floor those above it in the list of STYLE; move the code or pass it in',
    ).toEqual([]);
  });

  it('no file imports itself by way of others, be it for a type or at the first call', () => {
    const edges = new Map<string, string[]>();
    for (const { from, to } of imports) edges.set(from, [...(edges.get(from) ?? []), to]);
    expect(
      cycles(edges),
      'Two files that need each other are one file, or the part that both need is a third',
    ).toEqual([]);
  });

  it('the list of commands loads no command: every start of the program reads it', () => {
    const light = /^src\/commands\/(program(\/[\w-]+)?|program-types|verb)\.ts$/;
    const heavy = imports.filter(
      ({ from, to, typeOnly, lazy }) => light.test(from) && !light.test(to) && !typeOnly && !lazy,
    );
    expect(heavy.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });
});

function cycles(edges: Map<string, string[]>): string[] {
  const [done, path, found] = [new Set<string>(), [] as string[], [] as string[]];
  const visit = (file: string) => {
    if (path.includes(file)) found.push([...path.slice(path.indexOf(file)), file].join(' → '));
    if (path.includes(file) || done.has(file)) return;
    path.push(file);
    for (const next of edges.get(file) ?? []) visit(next);
    path.pop();
    done.add(file);
  };
  for (const file of edges.keys()) visit(file);
  return found;
}
