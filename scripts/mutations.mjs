// `npm run mutations [-- --only WORD]`: breaks one rule after the other in a copy of the source and sees that a test notices. Prints a table.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { mutations } from '../test/mutations/mutations.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });
const copy = mkdtempSync(path.join(tmpdir(), 'subctl-mutations-'));

try {
  for (const part of [
    'src',
    'drizzle',
    'data',
    'test',
    'scripts',
    'package.json',
    'tsconfig.json',
    'vitest.config.ts',
  ])
    cpSync(path.join(root, part), path.join(copy, part), { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
  const chosen = mutations.filter(({ name, rule }) => name.includes(values.only) || rule === values.only);
  console.log('| rule | broken on purpose | noticed by |\n| --- | --- | --- |');
  let survived = 0;
  for (const { name, rule, file, from, to, tests } of chosen) {
    const target = path.join(copy, file);
    const text = readFileSync(target, 'utf8');
    writeFileSync(
      target,
      text.replace(from, () => to),
    );
    const found = tests.map(firstRed).find((red) => red !== undefined);
    writeFileSync(target, text);
    survived += found === undefined ? 1 : 0;
    console.log(`| ${rule} | ${name} | ${found ?? '**nobody**'} |`);
  }
  console.log(`\n${chosen.length - survived} of ${chosen.length} were noticed.`);
  process.exitCode = survived > 0 ? 1 : 0;
} finally {
  rmSync(copy, { recursive: true, force: true });
}

/** The first test of a file or folder that fails, or undefined where all pass. A run that cannot even begin is nobody's success. */
function firstRed(where) {
  const report = path.join(copy, 'report.json');
  rmSync(report, { force: true });
  spawnSync(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', where, '--bail=1', '--reporter=json', `--outputFile=${report}`],
    {
      cwd: copy,
      stdio: 'ignore',
    },
  );
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  for (const { name: file, assertionResults } of testResults)
    for (const { status, fullName } of assertionResults)
      if (status === 'failed') return `\`${path.relative(copy, file)}\` ${fullName.replaceAll('|', '\\|')}`;
  return undefined;
}
