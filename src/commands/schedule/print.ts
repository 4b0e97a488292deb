import path from 'node:path';
import { writeWhole } from '../../scheduler/install/files.ts';
import { type ArtefactFile, bytesOf } from '../../scheduler/render/installation.ts';
import { Failure } from '../../domain/failure.ts';
import type { Outcome, TextOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { filesOf } from './files-of.ts';
import { permanentPathOf } from './permanent-paths.ts';
import { type Options, verb } from '../verb.ts';
import { Argument } from '@commander-js/extra-typings';
import {
  accountOption,
  daemonOption,
  hostTimezoneOption,
  logOption,
  runDueOption,
  systemOption,
  timezoneOption,
  userOption,
} from './options.ts';

export const command = verb({
  examples: [
    ['subctl schedule print cron --timezone UTC --host-timezone UTC', 'lines for: crontab -e'],
    ['subctl schedule print systemd --run-due', 'one timer for all tasks'],
    ['subctl schedule print systemd --daemon', 'one service instead of timers'],
    [
      'subctl schedule print kubernetes --timezone UTC --image registry.example.org/subctl:0.1.0',
      'CronJobs for: kubectl apply -f -',
    ],
  ],
  exits: [4],
  rows: true,
  asOf: true,
  needs: 'nothing',
})
  .description(
    'The output contains the real paths of this installation and the database it must use. Without ' +
      'DATABASE_URL the tasks fail with exit code 5 and never use another database. Exit code 8 ' +
      '(another run is active) counts as success. Secrets are not included: they are read from ' +
      'separate files.\n\nCrontabs use the time zone of their host; systemd units and Windows tasks use ' +
      'UTC. The timetable is converted if that is exact for the whole year. It is refused where clock ' +
      'changes make the zones diverge. --run-due works in every zone: one entry, every minute, that ' +
      'runs the tasks that are due.\n\nFor Kubernetes it prints a CronJob for each task in the time zone ' +
      'of the timetable, or with --daemon a Deployment. The containers run without root and read ' +
      'secrets from a Secret.',
  )
  .addArgument(new Argument('<kind>', 'output format').choices(['cron', 'systemd', 'windows', 'kubernetes']))
  .addOption(runDueOption)
  .addOption(daemonOption)
  .addOption(userOption)
  .addOption(systemOption)
  .addOption(timezoneOption)
  .addOption(hostTimezoneOption)
  .addOption(accountOption)
  .addOption(logOption)
  .option('--image <name>', 'with kubernetes: container image (default: subctl:VERSION)')
  .option('--secret <name>', 'with kubernetes: Secret with DATABASE_URL and other secrets (default: subctl)')
  .option('--directory <folder>', 'write the files to this folder instead of printing them');

/** Prints the timetable for an external scheduler, or writes its files. */
export async function run(
  context: Context,
  kind: 'cron' | 'systemd' | 'windows' | 'kubernetes',
  options: Options<typeof command>,
): Promise<Outcome> {
  const { directory } = options;
  if (kind === 'kubernetes') {
    const { printKubernetes } = await import('./kubernetes.ts');
    return written(context, directory, await printKubernetes(context, options));
  }
  const { files, installation } = await filesOf(context, { ...options, kind });
  refuseClusterOptions(options);
  const lasting = permanentPathOf(installation.program);
  const secrets = installation.secrets.map(
    ({ variable, file }) =>
      `${file} must contain the value of ${variable} (mode 0600): subctl schedule install writes it`,
  );
  const notes = [
    ...secrets,
    ...lasting.warnings,
    ...(lasting.refused ? [`${lasting.refused}: install the program first: npm install -g subctl`] : []),
  ];
  const headed = files.map(({ name, text }) => (files.length === 1 ? text : `# ---- ${name} ----\n${text}`));
  const json = files.map(({ name, text }) => ({ name, text }));
  if (directory === undefined) return { notes, text: headed.join('\n'), json };
  return { notes, ...(await writeFiles(path.resolve(context.cwd, directory), files)) };
}

/** Prints the manifests, or writes them to a file. */
async function written(
  context: Context,
  directory: string | undefined,
  printed: TextOutcome,
): Promise<Outcome> {
  if (directory === undefined) return printed;
  const file = { name: 'subctl.yaml', text: printed.text, encoding: 'utf8' as const };
  return { notes: printed.notes ?? [], ...(await writeFiles(path.resolve(context.cwd, directory), [file])) };
}

async function writeFiles(folder: string, files: readonly ArtefactFile[]) {
  for (const file of files) await writeWhole(path.join(folder, file.name), bytesOf(file));
  const rows = files.map(({ name }) => ({ file: path.join(folder, name) }));
  return { columns: [{ key: 'file' }], rows, title: 'Written' };
}

function refuseClusterOptions({ image, secret }: Options<typeof command>): void {
  if (image === undefined && secret === undefined) return;
  throw new Failure('usage', `--${image === undefined ? 'secret' : 'image'} is only for kubernetes`);
}
