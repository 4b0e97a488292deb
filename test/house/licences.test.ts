import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { noticesOf, packagesOf } from '../../scripts/licences.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

it('the bundle comes with the licence of every package in it', () => {
  const notices = readFileSync(`${root}/dist/third-party-licences.txt`, 'utf8');
  expect(notices).toMatch(/^commander [\d.]+ \(MIT\)\n\n.*MIT License/ms);
  expect(notices).toMatch(/^cli-table3 0\.6\.5 \(MIT\)\n\n.*Copyright/ms);
  expect(notices).toMatch(/^emoji-regex [\d.]+ \(MIT\)\n\n.*Copyright/ms);
  expect(notices).toMatch(/^drizzle-orm [\d.]+ \(Apache-2.0\)$/m);
  expect(notices).toMatch(/^echarts [\d.]+ \(Apache-2.0\)$.*^Apache ECharts\nCopyright/ms); // its NOTICE
  expect(notices.match(/^tslib 2\.3\.0 /gm)).toHaveLength(1);
});

it('a package whose licence asks for more than its notice is not bundled', () => {
  const [fit] = packagesOf(['node_modules/postgres/src/index.js', 'src/main.ts'], root);
  expect(fit).toMatchObject({ name: 'postgres', licence: 'Unlicense' });
  const odd = { name: 'odd', version: '1.0.0', licence: 'AGPL-3.0', text: '' };
  expect(() => noticesOf([odd])).toThrow('May not be bundled: odd (AGPL-3.0)');
});
