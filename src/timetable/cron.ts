import type { ArtefactEntry, Installation } from './installation.ts';

/**
 * The block of a crontab, between marks so that it can be found and replaced as a whole. Whatever a line needs stands in the line itself:
 * an assignment on a line of its own would hold for the lines of others below it. What a task prints is dropped, and what it says on
 * stderr goes by mail as cron is told (MAILTO is left alone). Exit code 8, another run at work, is success.
 */
export function printCron(
  entries: readonly ArtefactEntry[],
  installation: Installation,
  zone: string,
): string {
  const lines = entries.map(({ task, expression, timezone, cron }) => {
    const converted =
      timezone === zone || cron === expression.text ? '' : `# ${task}: ${cron} in ${timezone}\n`;
    return `${converted}${expression.text} ${commandOf(task, installation)}`;
  });
  const url = installation.needsUrl
    ? [
        '# cron knows nothing of your environment: put a line DATABASE_URL=postgres://… (or SUBCTL_DATABASE_URL_FILE=/a/file) above this block.',
        '# Without it the tasks end with exit code 5 and a sentence, and touch no other database.',
      ]
    : [];
  return [
    '# BEGIN subctl (written by: subctl schedule print cron; replace the block as a whole)',
    `# Times are those of this host's zone, ${zone}.`,
    ...url,
    ...lines,
    '# END subctl',
    '',
  ].join('\n');
}

function commandOf(task: string, { program, environment, folder }: Installation): string {
  const pins = Object.entries(environment).map(([name, value]) => `${name}=${quoted(value)}`);
  const start = [...pins, ...program.map(quoted), task].join(' ');
  const command = `${folder === undefined ? '' : `cd ${quoted(folder)} && `}${start} >/dev/null || [ $? -eq 8 ]`;
  return command.replaceAll('%', '\\%'); // cron ends the command at a bare one
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
