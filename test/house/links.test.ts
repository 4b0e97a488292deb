import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { faultsOfLines } from './command-lines.ts';
import { filesIn, root, textOf } from './sources.ts';

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'src/README.md',
  'drizzle/engine/README.md',
  'examples/README.md',
  ...filesIn('docs', '.md'),
].filter((file) => existsSync(path.join(root, file)));

/** The text of a page without its blocks of code. */
const proseOf = (file: string) => textOf(file).replace(/^```[\s\S]*?^```$/gm, '');

/** What a page shows as code; sessions are left out, they are played. */
function codeOf(file: string): string {
  const text = textOf(file)
    .replace(/\\\n\s*/g, '')
    .replace(/npm install .*|schema subctl\b/g, '');
  const blocks = [...text.matchAll(/^```(?!console)[^\n]*\n([\s\S]*?)^```$/gm)].map(([, code]) => code!);
  const outside = text.replace(/^```[\s\S]*?^```$/gm, '');
  const indented = outside.match(/^ {4}.*$/gm) ?? [];
  return [...blocks, ...indented, ...(outside.match(/`[^`\n]+`/g) ?? [])].join('\n');
}

/** The links of a page that stay in this repository, without those in code. */
const linksOf = (file: string) =>
  [
    ...proseOf(file)
      .replace(/`[^`\n]*`/g, 'x')
      .matchAll(/\]\(([^)\s]+)\)/g),
  ]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target));

/** The anchors that GitHub gives the headings of a page. */
function anchorsOf(file: string): Set<string> {
  const seen = new Map<string, number>();
  const slugs = [...proseOf(file).matchAll(/^#{1,6} +(.*)$/gm)].map(([, heading]) => {
    const slug = heading!
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-');
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  });
  return new Set(slugs);
}

/** Where a link of a page leads, from the root; `docs/` is its index. */
function goalOf(file: string, target: string): { goal: string; anchor: string | undefined } {
  const [place = '', anchor] = decodeURI(target).split('#');
  const joined = place === '' ? file : path.posix.join(path.posix.dirname(file), place);
  return { goal: joined.replace(/\/$/, ''), anchor };
}

function faultOf(file: string, target: string): string | undefined {
  const { goal, anchor } = goalOf(file, target);
  if (goal.startsWith('..') || !existsSync(path.join(root, goal))) return `${file}: ${target} does not exist`;
  if (anchor !== undefined && goal.endsWith('.md') && !anchorsOf(goal).has(anchor))
    return `${file}: ${target}: ${goal} has no such heading`;
  return undefined;
}

describe('documents', () => {
  it.each(pages)('%s: every link leads to a file and to a heading of it', (file) => {
    expect(linksOf(file).flatMap((target) => faultOf(file, target) ?? [])).toEqual([]);
  });

  it.each(pages)('%s: every command line in it is a command with the options that it is given', (file) => {
    expect(faultsOfLines(codeOf(file))).toEqual([]);
  });

  it('every page of docs/ is reached from docs/index.md', () => {
    const reached = new Set(['docs/index.md']);
    for (const file of reached)
      for (const target of linksOf(file)) {
        const { goal } = goalOf(file, target);
        if (!existsSync(path.join(root, goal)) || !goal.startsWith('docs')) continue;
        if (statSync(path.join(root, goal)).isDirectory())
          // GitHub lists what is in it
          filesIn(goal, '.md').forEach((each) => reached.add(each));
        else if (goal.endsWith('.md')) reached.add(goal);
      }
    expect(filesIn('docs', '.md').filter((file) => !reached.has(file))).toEqual([]);
  });

  it('README is one that is read: under 200 lines', () => {
    expect(textOf('README.md').split('\n').length).toBeLessThan(200);
  });

  it.each(filesIn('docs', '.svg'))('%s: is as wide as a phone, and says what it shows', (file) => {
    const text = textOf(file);
    expect(Number(/<svg [^>]*width="(\d+)"/.exec(text)?.[1])).toBeLessThanOrEqual(360);
    expect(text).toMatch(/<title id="t">\S[\s\S]*<desc id="d">\S/);
    expect(text).toContain('prefers-color-scheme: dark');
  });

  it('every guide and recipe has a session, which test/docs plays', () => {
    const silent = [...filesIn('docs/guides', '.md'), ...filesIn('docs/recipes', '.md')].filter(
      (file) => !file.endsWith('/index.md') && !textOf(file).includes('```console\n'),
    );
    expect(silent).toEqual([]);
  });

  it('a heading has the anchor that GitHub gives it', () => {
    expect([...anchorsOf('docs/usage.md')]).toContain('features-of-a-plan');
    expect(faultOf('README.md', 'docs/usage.md#nothing-of-the-kind')).toBeDefined();
    expect(faultOf('README.md', 'docs/usage.md#features-of-a-plan')).toBeUndefined();
  });
});
