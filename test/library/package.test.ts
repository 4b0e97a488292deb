import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';
import * as world from '../usage/world.ts';

const { sql, env } = await testDatabase();
const folder = temporaryFolder('subctl-application-');
afterAll(() => removeFolder(folder));

const typescript = path.join(root, 'node_modules/typescript/bin/tsc');
const settings = {
  compilerOptions: {
    ...{ module: 'NodeNext', target: 'ES2022', strict: true, noEmit: true, skipLibCheck: false },
    ...{
      exactOptionalPropertyTypes: true,
      typeRoots: [path.join(root, 'node_modules/@types')],
      types: ['node'],
    },
  },
  include: ['*.ts'],
};

/** The package as npm would publish it, in an application that has nothing else. */
beforeAll(async () => {
  const npm = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder];
  execFileSync('npm', npm, { cwd: root, shell: process.platform === 'win32' });
  const [packed] = fs.readdirSync(folder);
  fs.mkdirSync(path.join(folder, 'node_modules'));
  execFileSync('tar', ['-xzf', packed!, '-C', 'node_modules'], { cwd: folder });
  fs.renameSync(path.join(folder, 'node_modules/package'), path.join(folder, 'node_modules/subctl'));
  write('package.json', '{"type": "module"}');
  write('tsconfig.json', JSON.stringify(settings));
  await world.lay(sql);
  await world.plan(sql, 'pro', { limits: { images: { month: 2 } }, isDefault: true });
  await world.customer(sql, 'ada');
});

const write = (name: string, text: string) => fs.writeFileSync(path.join(folder, name), text);
const run = (name: string) =>
  execFileSync(process.execPath, [name], {
    cwd: folder,
    env: { ...env, PATH: process.env['PATH'] },
  }).toString();

it('an application that has installed the package records and checks', () => {
  write(
    'app.js',
    `import { subctl } from 'subctl';
     const client = subctl();
     const first = await client.record({ customer: 'ada', kind: 'image', quantity: 2 });
     const second = await client.check({ customer: 'ada', kind: 'image' });
     console.log(first.allowed, second.allowed, second.reason, second.meter, second.used, second.limit);
     await client.close();`,
  );
  expect(run('app.js')).toBe('true false limit_reached images 2 2\n');
});

it('the types are complete, and name nothing that an application need not have', () => {
  write(
    'typed.ts',
    `import { Failure, subctl, type Answer, type Client } from 'subctl';
     const client: Client = subctl({ url: 'postgres://localhost/app', connections: 2 });
     const answer: Answer = await client.record({ customer: 'ada', kind: 'llm', inputTokens: 12, outputTokens: '7', cost: '0.01' });
     const left: string | null | undefined = answer.limits[0]?.remaining;
     const until: string | null = (await client.plan('ada')).period_end;
     if (!(await client.has('ada', 'sso')) && left === null) throw new Failure('refused', until ?? '');
     const metered: typeof fetch = client.fetch('ada', { kind: 'llm', failures: 'record' });
     const route = client.middleware({ customer: (request) => request.headers.authorization as string, kind: 'image' });
     const wrapped: Response = await client.meter({ customer: () => 'ada', kind: 'image' })(new Request('http://a'), () => metered('http://b'));
     route({ headers: {} }, { statusCode: wrapped.status, headersSent: true, setHeader() {}, end() {}, once() {} }, () => undefined);
     // @ts-expect-error a use has a kind
     await client.check({ customer: 'ada' });`,
  );
  const { stdout } = spawnSync(process.execPath, [typescript, '-p', '.'], { cwd: folder, encoding: 'utf8' });
  expect(stdout).toBe('');
});

it('P14: CommonJS in TypeScript has types too, with the modules of node16', () => {
  const { compilerOptions } = settings;
  write(
    'tsconfig.cjs.json',
    JSON.stringify({ compilerOptions: { ...compilerOptions, module: 'node16' }, include: ['*.cts'] }),
  );
  write(
    'typed.cts',
    `import { Failure, subctl, type Answer } from 'subctl';
     import again = require('subctl/library');
     const answer: Promise<Answer> = again.subctl().check({ customer: 'ada', kind: 'image' });
     // @ts-expect-error a use has a kind
     void subctl().check({ customer: 'ada' });
     void answer.catch((error) => error instanceof Failure && error.kind === 'unavailable');`,
  );
  const asked = [typescript, '-p', 'tsconfig.cjs.json'];
  expect(spawnSync(process.execPath, asked, { cwd: folder, encoding: 'utf8' }).stdout).toBe('');
});

it('CommonJS may require it, and gets the module that others import', () => {
  write(
    'app.cjs',
    `const { subctl, Failure } = require('subctl');
     import('subctl/library').then((same) => console.log(same.subctl === subctl, same.Failure === Failure));
     console.log(typeof subctl, typeof require('subctl/package.json').version);`,
  );
  expect(run('app.cjs')).toBe('function string\ntrue true\n');
});
