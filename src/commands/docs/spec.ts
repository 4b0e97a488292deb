import { type Loading, command } from '../command.ts';

export const docs = command({
  path: 'docs',
  summary: 'List the documentation, or print a page of it',
  description: `The pages are those of the installed version and need no network. A topic is the name of a page: usage, or operations/backup. Its last part is enough where no other page has it.

Pages are Markdown. --open shows one in the program that this system opens such files with.`,
  group: 'look',
  arguments: [{ name: 'topic', optional: true, about: 'the page; without it all pages are listed' }],
  options: [{ flag: '--open', about: 'open the page in another program in place of printing it' }],
  examples: [
    { command: 'subctl docs', about: 'the topics, with their titles' },
    { command: 'subctl docs library', about: 'the TypeScript library' },
    { command: 'subctl docs operations/backup', about: 'a page of a folder' },
  ],
  exits: [3, 6],
  rows: true,
  needs: 'nothing',
  load: (): Loading => import('./docs.ts'),
});
