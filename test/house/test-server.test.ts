import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { folderOfData, removeFolder, temporaryFolder } from '../support/test-server.ts';

const folder = temporaryFolder('subctl-data-');
afterAll(() => removeFolder(folder));

it('the data of a run is in the folder for memory where that has room, else where temporary files are', () => {
  const { bavail, bsize } = statfsSync(folder);
  expect(folderOfData(folder)).toBe(bavail * bsize >= 4 * 1024 ** 3 ? folder : tmpdir());
  expect(folderOfData(path.join(folder, 'not there'))).toBe(tmpdir());
});

it('SUBCTL_TEST_DATA names another folder', () => {
  vi.stubEnv('SUBCTL_TEST_DATA', folder);
  expect(folderOfData('/nonexistent')).toBe(folder);
  expect(path.dirname(temporaryFolder('subctl-run-', folder))).toBe(folder);
  vi.unstubAllEnvs();
});
