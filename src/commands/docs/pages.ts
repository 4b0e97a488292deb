import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { compareText } from '../../domain/compare.ts';
import { packageRoot } from '../../config/package-root.ts';

/** A documentation page of this package. */
export interface DocumentationPage {
  /** what people type: `usage`, `operations/backup` */
  topic: string;
  /** its first heading */
  title: string;
  file: string;
}

/** User pages outside docs/, by topic. */
const besideDocs: readonly (readonly [topic: string, file: string])[] = [
  ['readme', 'README.md'],
  ['index', 'docs/index.md'],
  ['changelog', 'CHANGELOG.md'],
  ['security', 'SECURITY.md'],
  ['examples', 'examples/README.md'],
];

/** The pages in the order of the list: README and its neighbours, then docs/ by name, its folders last. */
export function documentationPages(root = packageRoot()): DocumentationPage[] {
  const folder = path.join(root, 'docs');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll(path.sep, '/'))
    .filter((name) => name.endsWith('.md') && name !== 'index.md')
    .sort((a, b) => depthOf(a) - depthOf(b) || compareText(a, b));
  return [
    ...besideDocs.map(([topic, name]) => pageOf(topic, path.join(root, name))),
    ...names.map((name) => pageOf(name.slice(0, -'.md'.length), path.join(folder, name))),
  ].filter((page) => page !== undefined);
}

/**
 * Finds the page `given`: a topic, the last part of one, or a file as in documents (`docs/usage.md`). Undefined when there is none, or
 * the last part is ambiguous.
 */
export function findPage(given: string, pages: readonly DocumentationPage[]): DocumentationPage | undefined {
  const topic = given
    .toLowerCase()
    .replace(/^(\.\/)?docs\//, '')
    .replace(/\.md$/, '');
  const exact = pages.find((page) => page.topic.toLowerCase() === topic);
  const ending = pages.filter((page) => page.topic.toLowerCase().endsWith(`/${topic}`));
  return exact ?? (ending.length === 1 ? ending[0] : undefined);
}

/** The text of a page, without the markers of `npm run docs`. */
export function textOfPage({ file }: DocumentationPage): string {
  return readFileSync(file, 'utf8').replace(/^<!-- (begin|end) [^\n]*-->\r?\n/gm, '');
}

function pageOf(topic: string, file: string): DocumentationPage | undefined {
  if (!existsSync(file)) return undefined;
  const title = /^# (.+)$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? topic;
  return { topic, title: title.replaceAll('`', '').trim(), file };
}

const depthOf = (name: string) => name.split('/').length;
