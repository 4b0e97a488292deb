import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openFile, openerOf } from '../../src/commands/docs/open-file.ts';
import { documentationPages, findPage } from '../../src/commands/docs/pages.ts';
import { root, subctl } from '../support/cli.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';

const folder = temporaryFolder('subctl-docs-');
afterAll(() => removeFolder(folder));

describe('subctl docs', () => {
  it('lists every page of docs/ with its title', async () => {
    const { code, stdout } = await subctl(['docs', '--json']);
    expect(code).toBe(0);
    const pages = JSON.parse(stdout) as { topic: string; title: string; file: string }[];
    expect(pages).toEqual(documentationPages(root));
    expect(pages.map(({ topic }) => topic)).toEqual(expect.arrayContaining(['readme', 'usage', 'changelog']));
    expect(pages.filter(({ title, topic }) => title === topic)).toEqual([]);
    expect(pages.filter(({ file }) => !existsSync(file))).toEqual([]);
  });

  it('prints a page as it is, by its topic, the last part of it or its file', async () => {
    const text = readFileSync(path.join(root, 'docs/operations/backup.md'), 'utf8');
    for (const topic of ['operations/backup', 'backup', 'docs/operations/backup.md', 'Backup'])
      expect(await subctl(['docs', topic]), topic).toEqual({ code: 0, stdout: text, stderr: '' });
    const { stdout } = await subctl(['docs', 'backup', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ topic: 'operations/backup', text });
  });

  it('leaves out the marks of generated blocks', async () => {
    const { stdout } = await subctl(['docs', 'exit-codes']);
    expect(stdout).not.toMatch(/<!-- (begin|end) /);
    expect(stdout).toContain('| exit | code in JSON | means |');
  });

  it('names the nearest page for a topic that there is not, exit 3', async () => {
    expect(await subctl(['docs', 'librray'])).toEqual({
      ...{ code: 3, stdout: '' },
      stderr: "error: There is no page on 'librray'\nhint: Did you mean: subctl docs library\n",
    });
    expect((await subctl(['docs', '../package.json'])).stderr).toContain(
      'hint: List the topics: subctl docs\n',
    );
  });
});

it('the last part of a topic is not enough where two pages have it', () => {
  mkdirSync(path.join(folder, 'docs/a'), { recursive: true });
  mkdirSync(path.join(folder, 'docs/b'));
  for (const name of ['a/same', 'b/same', 'b/other'])
    writeFileSync(path.join(folder, `docs/${name}.md`), `text\n\n# Page \`${name}\`\n`);
  const pages = documentationPages(folder);
  expect(pages.map(({ topic, title }) => [topic, title])).toEqual([
    ['a/same', 'Page a/same'],
    ['b/other', 'Page b/other'],
    ['b/same', 'Page b/same'],
  ]);
  expect(findPage('same', pages)).toBeUndefined();
  expect(findPage('b/same', pages)?.topic).toBe('b/same');
  expect(findPage('other', pages)?.topic).toBe('b/other');
});

describe('--open', () => {
  const script = (name: string, text: string) => {
    const file = path.join(folder, name);
    writeFileSync(file, `#!/bin/sh\n${text}\n`);
    chmodSync(file, 0o755);
    return file;
  };

  it('opens the file in the program of each system', () => {
    expect(openerOf('linux', '/a b.md')).toEqual(['xdg-open', ['/a b.md']]);
    expect(openerOf('freebsd', '/a.md')).toEqual(['xdg-open', ['/a.md']]);
    expect(openerOf('darwin', '/a.md')).toEqual(['open', ['/a.md']]);
    expect(openerOf('win32', 'C:\\a b.md')).toEqual([
      'rundll32.exe',
      ['url.dll,FileProtocolHandler', 'C:\\a b.md'],
    ]);
  });

  it('gives the program the file, and says when there is none or it fails', async () => {
    const seen = path.join(folder, 'seen');
    await openFile('/a page.md', [script('opens', `printf '%s' "$1" > '${seen}'`), ['/a page.md']]);
    expect(readFileSync(seen, 'utf8')).toBe('/a page.md');
    await expect(openFile('/a.md', [script('fails', 'exit 3'), []])).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('/fails cannot open /a.md: it ended with exit code 3') as string,
    });
    await expect(openFile('/a.md', ['/nonexistent/opener', []])).rejects.toMatchObject({
      message: '/nonexistent/opener cannot open /a.md: the program is not installed',
      hint: 'Omit --open to print the page',
    });
  });
});
