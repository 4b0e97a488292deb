import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { permitted } from '../../scripts/licences.mjs';
import { sbomOf } from '../../scripts/sbom.mjs';
import { root, textOf } from './sources.ts';

interface Component {
  group?: string;
  name: string;
  version: string;
  scope: string;
  purl: string;
  hashes?: { alg: string; content: string }[];
  licenses: { license: { id: string } }[];
}
const own = JSON.parse(textOf('package.json')) as Record<
  'devDependencies' | 'optionalDependencies',
  Record<string, string>
>;
const bill = JSON.parse(readFileSync(path.join(root, 'dist/sbom.cdx.json'), 'utf8')) as {
  bomFormat: string;
  specVersion: string;
  components: Component[];
};
const nameOf = ({ group, name }: Component) => (group ? `${group}/${name}` : name);
const bundled = bill.components.filter(({ scope }) => scope === 'required');

/** The rows of a section of docs/dependencies.md: package names and licence. */
function rowsOf(section: string): [name: string, licence: string][] {
  const text = textOf('docs/dependencies.md').split(`## ${section}\n`)[1]!.split('\n## ')[0]!;
  return [...text.matchAll(/^\| (`[^|]+`) \| ([^|]+) \|/gm)].flatMap(([, names, licence]) =>
    [...names!.matchAll(/`([^`]+)`/g)].map(([, name]): [string, string] => [name!, licence!.trim()]),
  );
}

describe('docs/dependencies.md', () => {
  const [shipped, other] = [rowsOf('In the bundle'), rowsOf('To build and test')];

  it('has a row for each package that package.json names, and no other', () => {
    expect([...shipped, ...other].map(([name]) => name).sort()).toEqual(
      Object.keys(own.devDependencies).sort(),
    );
  });

  it('says what is in the bundle, and each licence', () => {
    const inBill = new Set(bundled.map(nameOf));
    expect(shipped.filter(([name]) => !inBill.has(name))).toEqual([]);
    expect(other.filter(([name]) => inBill.has(name))).toEqual([]);
    for (const [name, licence] of [...shipped, ...other]) {
      const { license } = JSON.parse(textOf(`node_modules/${name}/package.json`)) as { license: string };
      expect([name, license]).toEqual([name, licence]);
    }
  });
});

describe('the bill of materials', () => {
  it('is CycloneDX and names every package whose licence is in the bundle, with its hash and a permitted licence', () => {
    expect([bill.bomFormat, bill.specVersion]).toEqual(['CycloneDX', '1.6']);
    const notices = readFileSync(path.join(root, 'dist/third-party-licences.txt'), 'utf8');
    const noticed = [...notices.matchAll(/^(\S+) (\d\S*) \(([^)]+)\)$/gm)].map(
      ([, name, version, licence]) => `${name} ${version} ${licence}`,
    );
    expect(
      bundled.map((one) => `${nameOf(one)} ${one.version} ${one.licenses[0]!.license.id}`).sort(),
    ).toEqual(noticed.sort());
    for (const one of bill.components) {
      expect(permitted.has(one.licenses[0]!.license.id), one.purl).toBe(true);
      expect(one.hashes?.[0]?.content, one.purl).toMatch(/^[0-9a-f]{128}$/);
      expect(one.purl).toBe(`pkg:npm/${nameOf(one).replace('@', '%40')}@${one.version}`);
    }
  });

  it('has the servers of the embedded database as optional, and no name twice', () => {
    const optional = bill.components.filter(({ scope }) => scope === 'optional').map(nameOf);
    expect(optional.sort()).toEqual(Object.keys(own.optionalDependencies).sort());
    expect(new Set(bill.components.map(({ purl }) => purl)).size).toBe(bill.components.length);
  });

  it('is the same for the same packages', () => {
    const packages = [
      { name: 'postgres', version: own.devDependencies['postgres']!, licence: 'Unlicense', text: '' },
    ];
    expect(sbomOf(packages, root)).toBe(sbomOf(packages, root));
    expect(sbomOf(packages, root)).not.toMatch(/timestamp|serialNumber/);
  });
});

describe('what npm publishes', () => {
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
  const expected = [
    /^(README|CHANGELOG)\.md$|^LICENSE$|^package\.json$/,
    /^bin\/(subctl\.js|package\.json)$/,
    /^dist\/(main\.cjs|package\.json|third-party-licences\.txt|functions-digest\.txt|sbom\.cdx\.json)$/,
    /^dist\/chunks\/[\w.-]+\.cjs$/,
    /^dist\/library\/[\w-]+\.js$|^dist\/library\/types\/[\w/-]+\.d\.ts$/,
    /^drizzle\/\d{4}_\w+\.sql$|^drizzle\/functions\/[\w-]+\.(sql|md)$|^drizzle\/meta\/[\w]+\.json$/,
    /^drizzle\/functions\/README\.md$/,
    /^data\/[\w-]+\.(yaml|csv)$/,
    /^systemd\/subctl[\w@.-]*\.(service|timer|crontab)$|^windows-tasks\/[\w-]+\.(xml|ps1|cmd)$/,
  ];

  it('is the program, its SQL, its data and the units, and nothing else', () => {
    expect(files.filter((file) => !expected.some((form) => form.test(file)))).toEqual([]);
    expect(expected.filter((form) => !files.some((file) => form.test(file)))).toEqual([]);
  });

  it('has no test, source, map, setting or key, and is below 12 MB', () => {
    expect(
      files.filter((file) =>
        /(^|\/)(src|test|bench|node_modules)\/|(^|\/)\.env|\.(map|key|pem|tgz)$|\.test\./.test(file),
      ),
    ).toEqual([]);
    expect(packed.unpackedSize).toBeLessThan(12_000_000);
  });
});
