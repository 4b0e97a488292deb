import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { filesIn, textOf } from '../house/sources.ts';
import { root } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { behindTheScenes, playPage } from '../support/pages.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';

const folder = temporaryFolder('subctl-recipes-');
const recipes = path.join(root, 'docs/recipes');
const pages = filesIn('docs/recipes', '.md').filter((file) => textOf(file).includes('```console\n'));
const shop = await theShop();

afterAll(() => removeFolder(folder));

/** The database that shop.sh makes; every page has a copy of it. */
async function theShop() {
  const { url, name, sql, env } = await testDatabase({ empty: true, max: 1 });
  const cwd = path.join(folder, 'shop');
  mkdirSync(cwd);
  cpSync(path.join(recipes, 'shop.yaml'), path.join(cwd, 'shop.yaml'));
  const lines = textOf('docs/recipes/shop.sh').match(/^subctl .*$/gm)!;
  const typed = lines.map((line) => `$ ${line}`).join('\n');
  await behindTheScenes({ env: { ...env, SUBCTL_ACTOR: 'you' }, cwd }, typed);
  await sql.end();
  return { url, name };
}

describe('each recipe goes as it is written there', async () => {
  for (const file of pages) {
    const { env } = await testDatabase({ from: shop.name, max: 1 });
    test(`${file}`, async () => {
      const stage = {
        env: { ...env, SUBCTL_ACTOR: 'you', COLUMNS: '100' },
        cwd: path.join(folder, path.basename(file, '.md')),
      };
      const { written, played } = await playPage(file, stage);
      expect(played).toBe(written);
    });
  }
});
