import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { filesIn, textOf } from '../house/sources.ts';
import { testDatabase } from '../support/database.ts';
import { playPage } from '../support/pages.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';
import { stripeOfGuides } from './stripe-of-guides.ts';

const folder = temporaryFolder('subctl-guides-');
// recipes.test.ts and security.test.ts play the others, which need another stage
const pages = filesIn('docs', '.md').filter(
  (file) =>
    !/^docs\/(recipes\/|operations\/security\.md$)/.test(file) && textOf(file).includes('```console\n'),
);
const stripe = await stripeOfGuides();

afterAll(() => removeFolder(folder));

describe('each guide goes as it is written there, on an empty database', async () => {
  for (const file of pages) {
    const { env } = await testDatabase({ empty: true, max: 1 });
    test(`${file}`, async () => {
      const stage = {
        env: {
          ...env,
          ...(textOf(file).includes('stripe adopt') && stripe),
          SUBCTL_ACTOR: 'you',
          COLUMNS: '100',
        },
        cwd: path.join(folder, path.basename(file, '.md')),
      };
      const { written, played } = await playPage(file, stage);
      expect(played).toBe(written);
    });
  }
});
