import { stringify } from 'yaml';
import { Failure } from '../../domain/failure.ts';
import { numbersOf } from '../convert.ts';
import { parseExpression } from '../expression.ts';
import { named, weekdays } from '../fields.ts';
import type { Scheduled } from './installation.ts';

/** What a cluster must know to start subctl. */
export interface Cluster {
  /** the image, as a cluster pulls it */
  image: string;
  /** the Secret; its keys are the names of the variables below */
  secret: string;
  /** variables whose values are secrets */
  secrets: readonly string[];
  environment: Readonly<Record<string, string>>;
  /** the command that made it, without `subctl` */
  madeBy: string;
}

const account = 1000; // `node` of the image

/**
 * A CronJob for each entry, in the entry's own zone: a cluster converts nothing. Two runs of a task never overlap, what was missed for an
 * hour is made up once, and exit code 8, another run at work, is success.
 */
export function printCronJobs(scheduled: readonly Scheduled[], cluster: Cluster): string {
  return documents(
    cluster,
    scheduled.map((entry) => cronJob(entry, cluster)),
  );
}

/** One Deployment of the daemon. Two may overlap while one takes the other's place: leases keep their runs apart. */
export function printDaemonDeployment(cluster: Cluster): string {
  const port = 9464;
  const probe = (path: string) => ({
    httpGet: { path, port: 'health' },
    periodSeconds: 15,
    timeoutSeconds: 5,
  });
  const container = {
    ...containerOf(cluster, ['subctl', 'daemon', '--listen', `0.0.0.0:${port}`, '--log-format', 'json']),
    ports: [{ name: 'health', containerPort: port }],
    startupProbe: { ...probe('/healthz'), periodSeconds: 2, failureThreshold: 30 },
    livenessProbe: probe('/healthz'),
    readinessProbe: probe('/readyz'),
  };
  const labels = labelsOf('daemon');
  return documents(cluster, [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'subctl-daemon', labels },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { ...podOf(container), terminationGracePeriodSeconds: 30 },
        },
      },
    },
  ]);
}

function cronJob(entry: Scheduled, cluster: Cluster) {
  const { task, timezone, summary } = entry;
  const labels = labelsOf(task);
  const command = `subctl ${task} --quiet; code=$?; if [ "$code" -eq 8 ]; then exit 0; fi; exit "$code"`;
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: `subctl-${task}`, labels, annotations: { 'subctl/summary': summary } },
    spec: {
      schedule: scheduleOf(entry.cron),
      timeZone: timezone,
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: task === 'run-due' ? 50 : 3600,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        spec: {
          activeDeadlineSeconds: 3600,
          backoffLimit: 2,
          template: {
            metadata: { labels },
            spec: { restartPolicy: 'Never', ...podOf(containerOf(cluster, ['/bin/sh', '-c', command])) },
          },
        },
      },
    },
  };
}

/** The five fields as a cluster reads them: to it Sunday is 0 and never 7. @throws Failure refused for signs that it does not know */
function scheduleOf(cron: string): string {
  const { text, minute, hour, day, month, weekday } = parseExpression(cron);
  const isList = weekday.includes('7');
  const days = isList ? numbersOf(named(weekday, weekdays, 0), 8) : undefined;
  if (/[LW#]/.test(`${day}${weekday.replace(/[a-z]{3}/gi, '')}`) || (isList && !days))
    throw new Failure('refused', `Kubernetes cannot say '${text}'`, {
      hint: 'give --run-due: one entry that asks the timetable every minute',
    });
  const week = days ? [...new Set(days.map((one) => one % 7))].sort().join(',') : weekday;
  return [minute, hour, day, month, week].join(' ');
}

function podOf(container: object) {
  return {
    automountServiceAccountToken: false,
    securityContext: {
      ...{ runAsNonRoot: true, runAsUser: account, runAsGroup: account },
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [container],
  };
}

function containerOf({ image, secret, secrets, environment }: Cluster, command: string[]) {
  return {
    name: 'subctl',
    image,
    command,
    env: [
      ...Object.entries(environment).map(([name, value]) => ({ name, value })),
      ...secrets.map((name) => ({ name, valueFrom: { secretKeyRef: { name: secret, key: name } } })),
    ],
    resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '512Mi' } },
    securityContext: {
      ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
      capabilities: { drop: ['ALL'] },
    },
  };
}

const labelsOf = (component: string) => ({
  'app.kubernetes.io/name': 'subctl',
  'app.kubernetes.io/component': component,
});

function documents({ madeBy }: Cluster, objects: readonly object[]): string {
  const texts = objects.map((one) => stringify(one, { aliasDuplicateObjects: false, lineWidth: 0 }));
  return `# Written by: subctl ${madeBy}\n---\n${texts.join('---\n')}`;
}
