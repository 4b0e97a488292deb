import { Failure } from '../../domain/failure.ts';
import { nearest } from '../../domain/nearest.ts';
import type { Outcome, Row } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { openFile } from './open-file.ts';
import { type DocumentationPage, documentationPages, findPage, textOfPage } from './pages.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl docs', 'list the topics'],
    ['subctl docs library', 'the TypeScript library'],
    ['subctl docs operations/backup', 'a page in a folder'],
  ],
  exits: [3, 6],
  rows: true,
  needs: 'nothing',
})
  .description(
    'The pages are those of the installed version and need no network. A topic is the name of a ' +
      'page: usage, or operations/backup. Its last part is enough if it is unique.\n\n' +
      'Pages are Markdown. --open opens one in the default application.',
  )
  .argument('[topic]', 'the page (default: list all pages)')
  .option('--open', 'open the page in an application instead of printing it', false);

const columns = [{ key: 'topic' }, { key: 'title' }, { key: 'file', hidden: true }] as const;

/** Lists the pages of the documentation, prints one, or opens one. */
export async function run(
  _: Context,
  topic: string | undefined,
  { open }: Options<typeof command>,
): Promise<Outcome> {
  const pages = documentationPages();
  if (topic === undefined && !open)
    return {
      columns,
      rows: pages.map(rowOf),
      footer: ['Print a page: subctl docs <topic>. Options of a command: subctl <command> --help'],
    };
  const page = pageNamed(topic ?? 'index', pages, topic === undefined ? 'readme' : undefined);
  if (!open) {
    const text = textOfPage(page);
    return { text, json: { ...rowOf(page), text } };
  }
  await openFile(page.file);
  return { record: rowOf(page), sections: [{ entries: [['Opened', page.file]] }] };
}

function pageNamed(
  topic: string,
  pages: readonly DocumentationPage[],
  otherwise: string | undefined,
): DocumentationPage {
  const page = findPage(topic, pages) ?? (otherwise ? findPage(otherwise, pages) : undefined);
  if (page) return page;
  const near = nearest(
    topic,
    pages.flatMap((one) => [one.topic, one.topic.split('/').at(-1)!]),
  );
  throw new Failure('not_found', `There is no page on '${topic}'`, {
    hint: near ? `Did you mean: subctl docs ${near}` : 'List the topics: subctl docs',
  });
}

const rowOf = ({ topic, title, file }: DocumentationPage): Row => ({ topic, title, file });
