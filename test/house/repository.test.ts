import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { root, textOf } from './sources.ts';

const own = JSON.parse(textOf('package.json')) as {
  version: string;
  engines: { node: string };
  scripts: Record<string, string>;
};
interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, string>;
}
interface Job {
  permissions?: Record<string, string>;
  'timeout-minutes': number;
  strategy?: { matrix: Record<string, string[]> };
  steps: Step[];
}
interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  jobs: Record<string, Job>;
}
const workflow = (name: string) => parse(textOf(`.github/workflows/${name}`)) as Workflow;
const test = workflow('test.yml');
const release = workflow('release.yml');

describe('the workflows', () => {
  it('P13: the tests run on the floor of engines and on 22, 24 and 26, beside PostgreSQL 15 to 18, on three systems', () => {
    const floor = own.engines.node.replace('>=', '');
    const nodes = [floor, '22', '24', '26'];
    expect(test.jobs['linux']!.strategy!.matrix).toEqual({ node: nodes, postgres: ['15', '16', '17', '18'] });
    const { os, node } = test.jobs['systems']!.strategy!.matrix;
    expect(node).toEqual(nodes);
    expect(os!.map((name) => name.split('-')[0])).toEqual(['ubuntu', 'macos', 'windows']);
    expect(nodes).toContain(textOf('.nvmrc').trim());
  });

  const jobs = [...Object.entries(test.jobs), ...Object.entries(release.jobs)];

  it('end by themselves, and may only read unless a job says more', () => {
    expect([test.permissions, release.permissions]).toEqual([{ contents: 'read' }, { contents: 'read' }]);
    expect(jobs.filter(([, job]) => !(job['timeout-minutes'] <= 90))).toEqual([]);
    expect(jobs.filter(([, job]) => job.permissions).map(([name]) => name)).toEqual(['publish']);
    expect(release.jobs['publish']!.permissions).toEqual({ contents: 'write', 'id-token': 'write' });
  });

  it('run npm scripts that there are, and install what the lock file says', () => {
    const lines = jobs.flatMap(([, { steps }]) => steps.flatMap(({ run }) => run?.split('\n') ?? []));
    const scripts = lines.flatMap((line) => /^npm (?:run )?([\w:-]+)$/.exec(line)?.[1] ?? []);
    expect(scripts.filter((name) => !['ci', ...Object.keys(own.scripts)].includes(name))).toEqual([]);
    expect(lines).toContain('npm publish --provenance --access public');
    for (const [name, { steps }] of jobs) {
      expect(
        steps.some(({ run }) => run === 'npm ci'),
        name,
      ).toBe(true);
      expect(steps.filter(({ uses }) => uses !== undefined && !/^actions\/[\w-]+@v\d+$/.test(uses))).toEqual(
        [],
      );
    }
  });
});

it('every release of the changelog has a date, or says that it is none, and says how to update', () => {
  const releases = textOf('CHANGELOG.md').split(/^## /m).slice(1);
  expect(releases[0]).toMatch(new RegExp(`^${own.version.replaceAll('.', '\\.')} \\(`));
  for (const one of releases) {
    expect(one.split('\n')[0]).toMatch(/^\d+\.\d+\.\d+ \((\d{4}-\d\d-\d\d|not released)\)$/);
    expect(one).toContain('**How to update:**');
  }
});

describe('the image', () => {
  const dockerfile = textOf('Dockerfile');
  const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
  const compose = parse(textOf('compose.yaml'), { merge: true }) as {
    services: Record<string, { command?: string[]; healthcheck?: object; read_only?: boolean }>;
  };

  it('runs without root and without PostgreSQL, and has a health check', () => {
    expect(last).toMatch(/^USER 1000:1000$/m);
    expect(last).toContain('--omit=optional');
    expect(last).toMatch(/^HEALTHCHECK /m);
    expect(dockerfile.match(/^FROM \S+/gm)).toEqual([
      'FROM node:24-bookworm-slim',
      'FROM node:24-bookworm-slim',
    ]);
  });

  it('is made of what the build needs: each place of .dockerignore is there', () => {
    const places = textOf('.dockerignore')
      .split('\n')
      .flatMap((line) => /^!([\w./-]+)$/.exec(line)?.[1] ?? []);
    const there = readdirSync(root);
    expect(places.filter((place) => !there.includes(place))).toEqual([]);
    expect(places.length).toBeGreaterThan(10);
  });

  it('compose has the database, the schema, the daemon and the API, and each runs read-only', () => {
    const { database, ...own } = compose.services;
    expect(Object.keys(own)).toEqual(['setup', 'daemon', 'serve']);
    expect(database!.healthcheck).toBeDefined();
    expect(Object.values(own).every((one) => one.read_only)).toBe(true);
    expect(compose.services['serve']!.command).toContain('0.0.0.0:8788');
  });

  it('asks for its health with a line that Node can run', () => {
    const [, script] = /CMD \["node", "-e", ("(?:[^"\\]|\\.)*")\]/.exec(last)!;
    expect(() => new Function(JSON.parse(script!) as string)).not.toThrow();
  });
});

it('issue forms have what GitHub asks for', () => {
  const folder = path.join(root, '.github/ISSUE_TEMPLATE');
  for (const name of readdirSync(folder).filter((file) => file !== 'config.yml')) {
    const form = parse(readFileSync(path.join(folder, name), 'utf8')) as {
      name: string;
      description: string;
      body: { type: string; id: string; attributes: { label: string } }[];
    };
    expect([form.name, form.description].every(Boolean), name).toBe(true);
    expect(new Set(form.body.map(({ id }) => id)).size).toBe(form.body.length);
    expect(form.body.every(({ attributes }) => attributes.label)).toBe(true);
  }
});
