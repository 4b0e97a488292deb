import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completeLine } from '../../src/commands/completion/complete-line.ts';
import type { Candidate } from '../../src/commands/completion/values.ts';
import { scriptFor, shells } from '../../src/commands/completion/scripts.ts';
import { program } from '../../src/commands/program.ts';
import { root, subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { loadLadder } from '../support/plans.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';
import { toys } from './toys.ts';

const names: Candidate[] = [{ value: 'bear', about: 'a toy' }];
const findNames = () => Promise.resolve(names);
const valuesAt = async (line: string, commands = toys) => {
  const { candidates, files } = await completeLine(line.split(' '), { program: commands, findNames });
  return [...candidates.map(({ value }) => value), ...(files ? [':files'] : [])];
};

describe('what may stand at the cursor', () => {
  it.each([
    ['to', ['toys']],
    ['toys ', ['add', 'list']],
    ['--quiet toys l', ['list']],
    ['toys add bear --pr', ['--price']],
    ['toys add bear --colour ', ['red', 'blue']],
    ['toys add bear --colour=b', ['--colour=blue']],
    ['toys list --format c', ['csv']],
    ['toys add bear --expires n', ['never', 'now']],
    ['toys add bear --timezone Europe/Berl', ['Europe/Berlin']],
    ['help form', ['formats']],
    ['help toys a', ['add']],
    ['nothing ', []],
    ['toys nothing ', []],
    ['toString ', []],
    ['toys constructor ', []],
  ])('%s', async (line, expected) => expect(await valuesAt(line)).toEqual(expected));

  it('an option that was given is not offered twice, but one that may be repeated is', async () => {
    const offered = await valuesAt('toys add bear --note x --tag y --');
    expect(offered).not.toContain('--note');
    expect(offered).toContain('--tag');
  });

  it.each([
    ['assign ', ['bear']],
    ['assign ann ', ['bear']],
    ['usage record ada --kind ', ['bear']],
    ['jobs run re', ['reset-monthly-usage', 'reset-credits']],
    ['config set cost', ['cost_currency']],
    ['customers import ', [':files']],
    ['plans diff ', expect.arrayContaining(['mobix', ':files'])],
  ])('of subctl: %s', async (line, expected) => expect(await valuesAt(line, program)).toEqual(expected));

  it('has a sentence for each candidate', async () => {
    const { candidates } = await completeLine(['plans', ''], { program, findNames });
    expect(candidates.find(({ value }) => value === 'create')?.about).toMatch(/^[A-Z].*plan/);
  });
});

describe('names from the database', async () => {
  const { sql, env, url } = await testDatabase();
  beforeAll(async () => {
    await loadLadder(sql);
    for (const id of ['ann', 'anton', 'ben']) await subctl(['customers', 'add', id], { env });
  });
  const ask = async (words: string[], more = {}) =>
    (await subctl(['__complete', ...words], { env: { ...env, ...more } })) as {
      code: number;
      stdout: string;
      stderr: string;
    };

  it('are those of customers, plans, meters and kinds', async () => {
    expect(await ask(['assign', 'an'])).toEqual({ code: 0, stdout: 'ann\tuser\nanton\tuser\n', stderr: '' });
    expect((await ask(['plans', 'show', 'p'])).stdout).toBe('pro\tPro\n');
    expect((await ask(['limits', 'set', 'ann', 'me'])).stdout).toBe('messages\tMessages\n');
    expect((await ask(['usage', 'record', 'ann', '--kind', ''])).stdout).toBe(
      'image\t\nllm\t\nmessage\tcounts as llm\n',
    );
  });

  it.each([
    ['a server that is not there', { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }],
    ['no database', { DATABASE_URL: '' }],
    ['a setting that is wrong', { SUBCTL_LEASE: 'soon' }],
    ['a text that is no prefix but SQL', {}, "'; drop table subctl.customers; --"],
  ])('are none with %s, and that is no error', async (_, more, word = 'an') => {
    const done = await ask(['assign', word], more);
    expect(done.stderr).toBe('');
    expect(done.code).toBe(0);
  });

  it('and the words that need none are offered all the same', async () => {
    const { stdout } = await ask(['pla'], { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });
    expect(stdout).toContain('plans\t');
    expect(url).toContain('postgres');
  });
});

describe('the scripts, in the shells', () => {
  const folder = temporaryFolder('subctl-completion-');
  const file = (shell: string) => path.join(folder, shell);
  beforeAll(() => {
    mkdirSync(file('bin'));
    const started = `#!/bin/sh\nexec node "${path.join(root, 'bin/subctl.js')}" "$@"\n`;
    writeFileSync(file('bin/subctl'), started);
    chmodSync(file('bin/subctl'), 0o755);
    for (const shell of shells) writeFileSync(file(shell), scriptFor(shell));
  });
  afterAll(() => removeFolder(folder));
  const env = {
    PATH: `${file('bin')}:${process.env['PATH']}`,
    HOME: folder,
    SUBCTL_HOME: '/nonexistent',
    TERM: 'dumb',
  };
  const run = (shell: string, args: string[]) =>
    execFileSync(shell, args, { encoding: 'utf8', env, cwd: root }).trim();

  it.each([
    [['subctl', 'pla'], 'plans'],
    [['subctl', 'completion', ''], 'bash zsh fish powershell install'],
    [['subctl', 'plans', 'list', '--format', '=', 'cs'], 'csv'],
    [['subctl', 'jobs', 'run', 'reset-c'], 'reset-credits'],
    [['subctl', 'customers', 'import', 'package.j'], 'package.json'],
  ])('bash: %j gives %s', (line, expected) => {
    const asked = `source "${file('bash')}"; COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); _subctl; echo "\${COMPREPLY[*]}"`;
    expect(run('bash', ['-c', asked, '_', ...line])).toBe(expected);
  });

  let isThere = !spawnSync('fish', ['--version']).error;
  it.runIf(isThere).each([
    ['subctl pla', 'plans\tManage plans'],
    ['subctl plans list --format cs', 'csv'],
    ['subctl jobs run reset-c', 'reset-credits\ttask'],
  ])('fish: %s', (line, expected) => {
    expect(
      run('fish', ['--no-config', '-c', `source "${file('fish')}"; complete -C ${JSON.stringify(line)}`]),
    ).toContain(expected.split('\t')[0]);
  });

  isThere = !spawnSync('zsh', ['--version']).error;
  it.runIf(isThere)('zsh: candidates with their sentences', () => {
    // _describe is what shows them; here it prints what it is given
    const asked = `_describe() { print -l -- "\${(@P)3}"; }; _files() { print files; }; compdef() { }; source "${file('zsh')}"
      words=(subctl plans li); CURRENT=3; _subctl; words=(subctl customers import ''); CURRENT=4; _subctl`;
    expect(run('zsh', ['-f', '-c', asked])).toMatch(/^list:\S.*\nfiles$/);
  });

  it.each(shells)(
    'the script for %s is printed by the command, and is the same after an update',
    async (shell) => {
      expect((await subctl(['completion', shell])).stdout).toBe(scriptFor(shell)); // completion bash, completion zsh, completion fish, completion powershell
      expect(scriptFor(shell)).not.toContain('plans');
    },
  );
});

describe('completion install', () => {
  const folder = temporaryFolder('subctl-home-');
  afterAll(() => removeFolder(folder));

  it.each([
    ['bash', '.local/share/bash-completion/completions/subctl'],
    ['zsh', '.zfunc/_subctl'],
    ['fish', '.config/fish/completions/subctl.fish'],
  ] as const)('%s', async (shell, place) => {
    const { code } = await subctl(['completion', 'install'], {
      env: { HOME: folder, SHELL: `/usr/bin/${shell}` },
    });
    expect(code).toBe(0);
    expect(readFileSync(path.join(folder, place), 'utf8')).toBe(scriptFor(shell));
  });

  it('refuses a shell that it does not know', async () => {
    const { code, stderr } = await subctl(['completion', 'install'], {
      env: { HOME: folder, SHELL: '/bin/tcsh' },
    });
    expect(code).toBe(2);
    expect(stderr).toContain("The shell 'tcsh' has no completion that can be installed");
  });
});
