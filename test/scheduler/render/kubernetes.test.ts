import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import {
  type Cluster,
  printCronJobs,
  printDaemonDeployment,
} from '../../../src/scheduler/render/kubernetes.ts';
import { timetable } from '../../../src/scheduler/timetable.ts';
import { subctl } from '../../support/cli.ts';

interface Container {
  image: string;
  command: string[];
  env: { name: string; value?: string; valueFrom?: { secretKeyRef: { name: string; key: string } } }[];
  resources: { requests: object; limits: object };
  securityContext: object;
  readinessProbe?: object;
}
interface Pod {
  restartPolicy?: string;
  securityContext: object;
  containers: [Container];
}
interface CronJob {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  spec: {
    schedule: string;
    timeZone: string;
    concurrencyPolicy: string;
    jobTemplate: { spec: { template: { spec: Pod } } };
  };
}
const documentsOf = (text: string) =>
  parseAllDocuments(text)
    .map((one) => {
      if (!('toJS' in one)) throw new Error('no document');
      expect(one.errors).toEqual([]);
      return one.toJS() as CronJob;
    })
    .filter((one) => one !== null);
const print = (line: string, env = {}) =>
  subctl(['schedule', 'print', 'kubernetes', ...line.split(' ').filter(Boolean)], { env });
const cluster: Cluster = { image: 'subctl:1', secret: 's', secrets: ['A'], environment: {}, madeBy: 'x' };
const entry = (cron: string) => ({ task: 'prune', cron, timezone: 'UTC', summary: 'x' });
const scheduleOf = (cron: string) => documentsOf(printCronJobs([entry(cron)], cluster))[0]!.spec.schedule;

describe('schedule print kubernetes', () => {
  it('prints a CronJob for each task of the one timetable, in its zone, that never overlaps itself', async () => {
    const { code, stdout } = await print('--timezone Europe/Berlin');
    expect(code).toBe(0);
    const jobs = documentsOf(stdout);
    expect(jobs.map(({ metadata, spec }) => [metadata.name, spec.schedule])).toEqual(
      timetable.map(({ task, cron }) => [`subctl-${task}`, cron]),
    );
    for (const { apiVersion, kind, spec } of jobs) {
      expect([apiVersion, kind]).toEqual(['batch/v1', 'CronJob']);
      expect(spec).toMatchObject({ timeZone: 'Europe/Berlin', concurrencyPolicy: 'Forbid' });
      expect(spec.jobTemplate.spec.template.spec.restartPolicy).toBe('Never');
    }
  });

  it('J4: exit code 8 is success, and every other one is kept', async () => {
    const { spawnSync } = await import('node:child_process');
    const [job] = documentsOf((await print('--run-due')).stdout);
    const [, , script] = job!.spec.jobTemplate.spec.template.spec.containers[0].command;
    const ended = [0, 1, 5, 7, 8].map((code) => {
      const text = `subctl() { [ "$*" = "run-due --quiet" ] && return ${code}; return 99; }\n${script}`;
      return spawnSync('sh', ['-c', text]).status;
    });
    expect(ended).toEqual([0, 1, 5, 7, 0]);
  });

  it('runs without root, in a read-only file system, with bounds', async () => {
    for (const line of ['--timezone UTC', '--run-due', '--daemon'])
      for (const one of documentsOf((await print(line)).stdout)) {
        const { spec } = one as unknown as { spec: { template?: { spec: Pod } } };
        const pod = spec.template?.spec ?? one.spec.jobTemplate.spec.template.spec;
        expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
        const [container] = pod.containers;
        expect(container.securityContext).toEqual({
          ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
          capabilities: { drop: ['ALL'] },
        });
        expect(container.resources).toMatchObject({
          requests: { memory: '128Mi' },
          limits: { memory: '512Mi' },
        });
      }
  });

  it('reads secrets from the Secret and never prints one', async () => {
    const env = { DATABASE_URL: 'postgres://u:very-secret@db/x', STRIPE_SECRET_KEY: 'sk_test_very_secret' };
    const { stdout, stderr } = await print('--run-due --secret billing --image r.example.org/subctl:9', env);
    expect(stdout + stderr).not.toMatch(/very.secret/);
    const [container] = documentsOf(stdout)[0]!.spec.jobTemplate.spec.template.spec.containers;
    expect(container.image).toBe('r.example.org/subctl:9');
    const ref = (key: string) => ({ name: key, valueFrom: { secretKeyRef: { name: 'billing', key } } });
    expect(container.env).toEqual([
      { name: 'SUBCTL_DATABASE', value: 'external' },
      ref('SUBCTL_DATABASE_URL'),
      ref('STRIPE_SECRET_KEY'),
    ]);
    expect(stderr).toContain('The Secret billing must contain SUBCTL_DATABASE_URL, STRIPE_SECRET_KEY');
  });

  it('says Sunday as Kubernetes does, and refuses what it cannot say', () => {
    expect(scheduleOf('0 2 * * 7')).toBe('0 2 * * 0');
    expect(scheduleOf('0 2 * * 5-7')).toBe('0 2 * * 0,5,6');
    expect(scheduleOf('0 2 * * Fri-7')).toBe('0 2 * * 0,5,6');
    expect(scheduleOf('*/5 1-3 * * Mon')).toBe('*/5 1-3 * * Mon');
    expect(() => scheduleOf('0 2 L * *')).toThrow("Kubernetes cannot say '0 2 L * *'");
  });

  it('the Deployment of the daemon is probed where it listens', () => {
    const text = printDaemonDeployment(cluster);
    const [{ spec }] = documentsOf(text) as unknown as [{ spec: { template: { spec: Pod } } }];
    const [container] = spec.template.spec.containers;
    expect(container.command).toContain('0.0.0.0:9464');
    expect(container.readinessProbe).toMatchObject({ httpGet: { path: '/readyz', port: 'health' } });
  });

  it('refuses options of hosts, and those of clusters elsewhere', async () => {
    expect(await print('--user --timezone UTC')).toMatchObject({ code: 2 });
    expect((await print('--log /x --timezone UTC')).stderr).toContain('--log is only for hosts');
    expect((await print('--daemon --run-due')).stderr).toContain('Either --daemon or --run-due');
    const words = ['schedule', 'print', 'cron', '--run-due', '--image', 'x'];
    expect(await subctl(words)).toMatchObject({ code: 2, stderr: 'error: --image is only for kubernetes\n' });
  });
});

describe('names that a cluster would refuse are refused here', () => {
  it.each([
    ['--secret', 'a b'],
    ['--secret', 'Subctl'],
    ['--secret', '-subctl'],
    ['--secret', 'a'.repeat(254)],
    ['--image', 'a b'],
    ['--image', 'Registry/x'],
  ])('%s %s', async (option, value) => {
    const { code, stdout, stderr } = await subctl(['schedule', 'print', 'kubernetes', option, value], {
      env: {},
    });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`The ${option} '`);
  });

  it.each(['registry.example.org:5000/team/subctl:0.1.0', 'subctl@sha256:0123abcd'])(
    'but %s is an image',
    async (image) => {
      expect((await print(`--timezone UTC --image ${image} --secret my.secret-1`)).code).toBe(0);
    },
  );
});
