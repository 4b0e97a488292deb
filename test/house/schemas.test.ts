import { describe, expect, it, test } from 'vitest';
import { applicationFunctions, calledBeside } from '../../src/roles/rights.ts';
import { filesIn, textOf } from './sources.ts';

/** The functions in schema subctl, each with the page that documents it; all others are in subctl_internal. */
const documented: Record<string, string> = {
  bound_customer: 'docs/operations/roles.md',
  check_usage: 'docs/usage.md',
  explain_event: 'docs/usage.md',
  explain_use: 'docs/usage.md',
  feature: 'docs/usage.md',
  features: 'docs/usage.md',
  features_in: 'docs/usage.md',
  preflight_usage: 'docs/usage.md',
  record_plain_use: 'docs/usage.md',
  record_usage: 'docs/usage.md',
  record_usage_json: 'docs/usage.md',
  record_usage_many: 'docs/usage.md',
  record_usage_many_json: 'docs/usage.md',
  release_usage: 'docs/usage.md',
  reserve_usage: 'docs/usage.md',
  reverse_usage: 'docs/usage.md',
  settle_usage: 'docs/usage.md',
  suggest_plan: 'docs/usage.md',
  usage_limits: 'docs/usage.md',
};

const made = filesIn('drizzle/engine', '.sql').map((file) => {
  const [, kind, schema, name] = /^create or replace (\w+) (\w+)\.(\w+)/im.exec(textOf(file))!;
  return { file, kind: kind!.toLowerCase(), schema, name: name! };
});
const routines = made.filter(({ kind }) => kind !== 'view');
const internal = routines.map(({ name }) => name).filter((name) => !(name in documented));

describe('what an application may name is in schema subctl, and every other function in subctl_internal', () => {
  it('each function in subctl is documented', () => {
    const found = routines.filter(({ schema }) => schema === 'subctl').map(({ name }) => name);
    expect(found.toSorted()).toEqual(Object.keys(documented).toSorted());
  });

  test.each(Object.entries(documented))('%s is named in %s', (name, page) => {
    expect(textOf(page)).toMatch(new RegExp(`\\b${name}\\b`));
  });

  it('each function that is granted to applications is among them', () => {
    expect([...applicationFunctions, calledBeside].filter((name) => !(name in documented))).toEqual([]);
  });

  it('each other function is in subctl_internal, and no view is', () => {
    const wrong = made.filter(({ kind, schema, name }) =>
      kind === 'view' || name in documented ? schema !== 'subctl' : schema !== 'subctl_internal',
    );
    expect(wrong.map(({ file }) => file)).toEqual([]);
  });

  it('no text names one in the other schema', () => {
    const apart = (schema: string, names: readonly string[]) =>
      new RegExp(`(?<![\\w$])${schema}\\.(?:${names.join('|')})(?!\\w)`, 'g');
    const wrong = [apart('subctl', internal), apart('subctl_internal', Object.keys(documented))];
    const texts = [
      ...['src', 'test', 'bench'].flatMap((folder) => filesIn(folder, '.ts')),
      ...['drizzle/engine', 'examples'].flatMap((folder) => filesIn(folder, '.sql')),
      ...filesIn('docs', '.md'),
    ];
    const found = texts.flatMap((file) =>
      wrong.flatMap((pattern) => [...textOf(file).matchAll(pattern)].map(([name]) => `${file}: ${name}`)),
    );
    expect(found).toEqual([]);
  });
});
