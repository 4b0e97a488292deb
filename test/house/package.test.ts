import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { publishedManifest, restoreManifest, writePublished } from '../../scripts/published-manifest.mjs';
import { program } from '../../src/commands/program.ts';
import { helpPages } from '../../src/commands/help-pages.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';
import { root, textOf } from './sources.ts';

interface Manifest extends Record<string, unknown> {
  name: string;
  files: string[];
  repository: { url: string };
  homepage: string;
  bugs: { url: string };
  keywords: string[];
}
const own = JSON.parse(textOf('package.json')) as Manifest;

const packing = ['pack', '--dry-run', '--json', '--ignore-scripts'];
const [packed] = JSON.parse(
  execFileSync('npm', packing, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    shell: process.platform === 'win32',
  }),
) as [{ files: { path: string }[]; unpackedSize: number }];
const files = packed.files.map((file) => file.path);

describe('what npm publishes', () => {
  const expected = [
    /^(README|CHANGELOG|CONTRIBUTING|SECURITY)\.md$|^LICENSE$|^package\.json$/,
    /^bin\/(subctl\.js|package\.json)$/,
    /^dist\/(main\.cjs|third-party-licences\.txt|functions-digest\.txt|sbom\.cdx\.json)$/,
    /^dist\/help\/[a-z.-]+\.txt$/,
    /^dist\/chunks\/[\w.-]+\.cjs$/,
    /^dist\/library\/[\w-]+\.(js|cjs)$|^dist\/library\/types\/[\w/-]+\.d\.c?ts$/,
    /^docs\/[\w/-]+\.(md|svg|png|yaml|sh)$/,
    /^examples\/[\w/-]+\.(md|ts|py|go|mod|sql|sh|yaml)$/,
    /^drizzle\/\d{4}_\w+\.sql$|^drizzle\/engine\/[\w-]+\/[\w-]+\.sql$/,
    /^drizzle\/engine\/README\.md$/,
    /^data\/[\w-]+\.(yaml|csv)$/,
    /^systemd\/subctl[\w@.-]*\.(service|timer|crontab)$|^windows-tasks\/[\w-]+\.(xml|ps1|cmd)$/,
  ];

  it('is the program, its SQL, its data, the units and the documentation, and nothing else', () => {
    expect(files.filter((file) => !expected.some((form) => form.test(file)))).toEqual([]);
    expect(expected.filter((form) => !files.some((file) => form.test(file)))).toEqual([]);
  });

  it('P10: is said by a list of places in package.json, of which each one is used', () => {
    const unused = own.files.filter((place) => {
      const start = place.replace(/\*.*$/, '');
      return !files.some((file) => file.startsWith(start));
    });
    expect(unused).toEqual([]);
  });

  it('P10: has no snapshot of drizzle-kit, test, source, map, setting or key, and is below 12 MB', () => {
    expect(
      files.filter((file) =>
        /^drizzle\/meta\/|(^|\/)(src|test|bench|node_modules)\/|(^|\/)\.env|\.(map|key|pem|tgz)$|\.test\.[jt]s/.test(
          file,
        ),
      ),
    ).toEqual([]);
    expect(packed.unpackedSize).toBeLessThan(12_000_000);
  });
});

describe('P10: who has only the package', () => {
  /** The relative links of a document, as places from the root. */
  const linksOf = (file: string) =>
    [...textOf(file).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link]) => link!.replace(/#.*$/, ''))
      .filter((link) => link !== '' && !/^[a-z]+:/.test(link))
      .map((link) => path.posix.join(path.posix.dirname(file), link).replace(/\/$/, ''));
  const isShipped = (place: string) => files.some((file) => file === place || file.startsWith(`${place}/`));
  /** Where a clone is needed to make use of what a link shows. */
  const isSource = (place: string) =>
    /^(src|test|bench|scripts|\.github)\//.test(place) && existsSync(path.join(root, place));

  it('finds whatever README links to', () => {
    expect(linksOf('README.md').filter((place) => !isShipped(place))).toEqual([]);
  });

  it.each(files.filter((file) => file.endsWith('.md') && file !== 'README.md'))(
    '%s: links to what is in the package, or to the sources',
    (file) => {
      expect(linksOf(file).filter((place) => !isShipped(place) && !isSource(place))).toEqual([]);
    },
  );

  it('finds each file of docs/ and examples/ that a help page names', async () => {
    const named = [...(await helpPages(program)).values()].flatMap(
      (page) => page.match(/\b(docs|examples)\/[\w/.-]*\w/g) ?? [],
    );
    expect(named.filter((place) => !isShipped(place))).toEqual([]);
  });

  it('finds where the project is: npm docs, npm bugs and npm repo, all of one place', () => {
    const [, home] = /^git\+(https:\/\/.+)\.git$/.exec(own.repository.url)!;
    expect([own.homepage, own.bugs.url]).toEqual([`${home}#readme`, `${home}/issues`]);
    expect(own.keywords.length).toBeGreaterThan(3);
    expect(Object.values(own.keywords).filter((word) => !/^[a-z][a-z-]+$/.test(word))).toEqual([]);
  });
});

describe('the published package.json', () => {
  const folder = temporaryFolder('subctl-manifest-');
  afterAll(() => removeFolder(folder));
  const published = publishedManifest(own);

  it('asks npm for nothing but the optional servers, and runs nothing', () => {
    expect(Object.keys(published)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(dependencies|devDependencies|scripts|overrides)$/)]),
    );
    const { dependencies, devDependencies, scripts, overrides, ...rest } = own;
    expect([dependencies, devDependencies, scripts, overrides]).not.toContain(undefined);
    expect(published).toEqual(rest);
    expect(published['optionalDependencies']).toBeDefined();
  });

  it('takes the place of the other while npm packs, also after a run that was cut off', () => {
    const manifest = path.join(folder, 'package.json');
    const read = () => readFileSync(manifest, 'utf8');
    const whole = textOf('package.json');
    writeFileSync(manifest, whole);
    for (let round = 0; round < 2; round++) {
      writePublished(folder);
      expect(JSON.parse(read())).toEqual(published);
    }
    for (let round = 0; round < 2; round++) {
      restoreManifest(folder);
      expect(read()).toBe(whole);
    }
    expect(readdirSync(folder)).toEqual(['package.json']);
  });
});
