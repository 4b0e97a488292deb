// The bill of materials of the bundle, in CycloneDX 1.6: what esbuild put in, and the servers that npm installs beside it. It has no time and
// no serial number, so that one source makes one file.
import { readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * @param {{ name: string, version: string, licence: string }[]} packages what the bundle holds (packagesOf of licences.mjs)
 * @param {string} root the folder of package.json and package-lock.json
 * @returns {string} the document as JSON
 */
export function sbomOf(packages, root) {
  const read = (name) => JSON.parse(readFileSync(path.join(root, name), 'utf8'));
  const own = read('package.json');
  const locked = Object.entries(read('package-lock.json').packages);
  const bundled = packages.map((each) => componentOf({ ...each, scope: 'required' }, locked));
  const servers = Object.entries(own.optionalDependencies ?? {}).map(([name, version]) => {
    const licence = locked.find(([at]) => at === `node_modules/${name}`)?.[1].license ?? 'PostgreSQL';
    return componentOf({ name, version, licence, scope: 'optional' }, locked);
  });
  const components = [...bundled, ...servers];
  const self = `pkg:npm/${own.name}@${own.version}`;
  const document = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        ...{ type: 'application', 'bom-ref': self, name: own.name, version: own.version, purl: self },
        licenses: [{ license: { id: own.license } }],
      },
    },
    components,
    dependencies: [{ ref: self, dependsOn: components.map((each) => each['bom-ref']) }],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function componentOf({ name, version, licence, scope }, locked) {
  const [group, short] = name.startsWith('@') ? name.split('/') : [undefined, name];
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  const isIt = ([at, one]) => at.endsWith(`node_modules/${name}`) && one.version === version;
  const [kind, hash] = locked.find(isIt)?.[1].integrity?.split('-') ?? [];
  return {
    ...{ type: 'library', 'bom-ref': purl, ...(group && { group }), name: short, version, scope },
    ...(kind === 'sha512' && {
      hashes: [{ alg: 'SHA-512', content: Buffer.from(hash, 'base64').toString('hex') }],
    }),
    licenses: [{ license: { id: licence } }],
    purl,
  };
}
