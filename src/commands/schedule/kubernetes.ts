import path from 'node:path';
import { packageVersion } from '../../config/package-root.ts';
import { Failure } from '../../domain/failure.ts';
import type { Cluster } from '../../scheduler/render/kubernetes.ts';
import type { TextOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { scheduledFor } from './files-of.ts';
import { pinsOf, secretsOf } from './pins.ts';

/** Options of `schedule print kubernetes`. */
export interface ClusterInput {
  runDue: boolean;
  daemon: boolean;
  user: boolean;
  system: boolean;
  timezone?: string | undefined;
  hostTimezone?: string | undefined;
  account?: string | undefined;
  log?: string | undefined;
  image?: string | undefined;
  secret?: string | undefined;
}

/** Prints the manifests for a cluster. @throws Failure usage for options that only apply to a host */
export async function printKubernetes(context: Context, input: ClusterInput): Promise<TextOutcome> {
  refuseHostOptions(input);
  checkNames(input);
  const { environment, files } = await environmentOf(context, input);
  const asked = { ...input, kind: 'systemd' as const };
  const { shown } = await context.settings();
  const given = secretsOf(context, asked, shown).map(({ variable }) => variable);
  const secrets = [...new Set(['SUBCTL_DATABASE_URL', ...given])];
  const cluster: Cluster = {
    image: input.image ?? `subctl:${packageVersion()}`,
    secret: input.secret ?? 'subctl',
    secrets,
    environment,
    madeBy: lineOf(input),
  };
  const { printCronJobs, printDaemonDeployment } = await import('../../scheduler/render/kubernetes.ts');
  const text = input.daemon
    ? printDaemonDeployment(cluster)
    : printCronJobs(await scheduledFor(context, asked), cluster);
  const notes = [
    `The Secret ${cluster.secret} must contain ${secrets.join(', ')}. kubectl create secret creates it from a file with lines NAME=value`,
    ...files.map(
      (name) => `${name} names a file on this host and is omitted: mount the file and set the variable`,
    ),
  ];
  return { text, json: [{ name: 'subctl.yaml', text }], notes };
}

/** Returns the settings that are not secret. Paths of this host are separate, since they are not valid in a container. */
async function environmentOf(context: Context, { runDue, daemon }: ClusterInput) {
  const { shown, timetable } = await context.settings();
  const pins = Object.entries(pinsOf(context, shown, runDue || daemon ? timetable : []));
  const isPath = ([, value]: [string, string]) => path.isAbsolute(value);
  return {
    environment: {
      SUBCTL_DATABASE: 'external',
      ...Object.fromEntries(pins.filter((pin) => !isPath(pin))),
    },
    files: pins.filter(isPath).map(([name]) => name),
  };
}

function refuseHostOptions(input: ClusterInput): void {
  const { daemon, runDue, user, system, hostTimezone, account, log } = input;
  if (daemon && runDue) throw new Failure('usage', 'Either --daemon or --run-due, not both');
  const given = Object.entries({
    ...{ '--user': user || undefined, '--system': system || undefined, '--account': account },
    ...{ '--host-timezone': hostTimezone, '--log': log },
  }).filter(([, value]) => value !== undefined);
  if (given.length > 0)
    throw new Failure('usage', `${given[0]![0]} is only for hosts, not for Kubernetes`, {
      hint: 'Options for Kubernetes: --run-due, --daemon, --timezone, --image, --secret',
    });
}

/** Checks names early: the cluster would reject them only when the manifests are applied. */
function checkNames({ image, secret }: ClusterInput): void {
  if (secret !== undefined && !/^(?=.{1,253}$)[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(secret))
    throw new Failure('usage', `The --secret '${secret}' is not a valid Kubernetes name`, {
      hint: 'Use lowercase letters, digits, dashes and dots, with a letter or digit at both ends: subctl-secrets',
    });
  if (image !== undefined && !/^[a-z0-9][\w./:@-]*$/.test(image))
    throw new Failure('usage', `The --image '${image}' is not a valid image name`, {
      hint: 'Give a name such as registry.example.org/subctl:0.1.0',
    });
}

function lineOf({ runDue, daemon, timezone, image, secret }: ClusterInput): string {
  const values = { timezone, image, secret };
  return [
    'schedule print kubernetes',
    ...(runDue ? ['--run-due'] : []),
    ...(daemon ? ['--daemon'] : []),
    ...Object.entries(values).flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag} ${value}`])),
  ].join(' ');
}
