import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { root, spawnSubctl } from '../support/cli.ts';
import { chunksLoadedBy } from '../support/loaded-chunks.ts';

/** The real program, as it is installed: the bundle in dist/ and bin/subctl.js. */
describe('the program', () => {
  let version: string;
  beforeAll(async () => {
    version = (JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as { version: string })
      .version;
  });

  it.each(['--version', '-V'])('%s is that of the package', async (flag) => {
    expect(await spawnSubctl([flag])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('gives its exit code to the shell', async () => {
    expect(await spawnSubctl(['completin'])).toMatchObject({ code: 2, stdout: '' });
    expect(await spawnSubctl([])).toMatchObject({ code: 2, stdout: '' });
  });

  it('runs from anywhere', async () => {
    expect((await spawnSubctl(['completion', 'bash'], { cwd: '/' })).stdout).toContain(
      'complete -F _subctl subctl',
    );
  });

  it('a reader that goes away (`| head -1`) is no error', async () => {
    const child = spawn(process.execPath, [path.join(root, 'bin/subctl.js'), 'completion', 'bash'], {
      stdio: 'pipe',
    });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect([code, stderr]).toEqual([0, '']);
  });

  it.each(['--help', '--version', 'help formats'])(
    '%s loads no library at all: that is what starting quickly means',
    async (line) => {
      const loaded = await chunksLoadedBy(line.split(' '));
      expect(
        loaded.map(({ name }) => name).filter((name) => !/^(main\.cjs$|(chunk|help-on)-)/.test(name)),
      ).toEqual([]);
      expect(loaded.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(40_000);
    },
  );
});
