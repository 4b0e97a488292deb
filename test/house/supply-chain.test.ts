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
  'dependencies' | 'devDependencies' | 'optionalDependencies',
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
  const [shipped, other] = [rowsOf('In the bundle'), rowsOf('Build and test tools')];

  it('has a row for each package that package.json names, and no other', () => {
    expect([...shipped, ...other].map(([name]) => name).sort()).toEqual(
      [...Object.keys(own.dependencies), ...Object.keys(own.devDependencies)].sort(),
    );
  });

  it('has what is in the bundle as dependencies of package.json, in exact versions, and the rest as its devDependencies', () => {
    expect(shipped.map(([name]) => name).sort()).toEqual(Object.keys(own.dependencies).sort());
    expect(Object.values(own.dependencies).filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
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
      { name: 'postgres', version: own.dependencies['postgres']!, licence: 'Unlicense', text: '' },
    ];
    expect(sbomOf(packages, root)).toBe(sbomOf(packages, root));
    expect(sbomOf(packages, root)).not.toMatch(/timestamp|serialNumber/);
  });
});
