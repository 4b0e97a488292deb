import type { Ended } from './play.ts';
import { commands } from './world.ts';

export interface FaultRow {
  fault: string;
  command: string;
  ended: Ended;
}

/** What became of a command whose connection was lost at each of its statements, in order. */
export interface CutRow {
  command: string;
  lost: Record<'before' | 'after', Ended[]>;
}

const exitOf = ({ exit }: Ended) => (exit === null ? 'none' : `**${exit}**`);
const stateOf = {
  nothing: 'nothing is written',
  all: 'all is written',
  'a part': 'whole batches are written',
};
const againOf = ({ again: { exit, state } }: Ended) =>
  exit === 0
    ? state === 'all'
      ? 'done, nothing twice'
      : '**done a second time**'
    : `exit ${exit}: it exists already`;
const cells = (...texts: string[]) => `| ${texts.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;

/** Commands for which a fault ends alike, in one line. */
function faultLines(rows: readonly FaultRow[]): string[] {
  const faults = [...new Set(rows.map(({ fault }) => fault))];
  return faults.flatMap((fault) => {
    const own = rows.filter((row) => row.fault === fault);
    const kinds = new Map<string, FaultRow[]>();
    for (const row of own) {
      const kind = JSON.stringify(row.ended);
      kinds.set(kind, [...(kinds.get(kind) ?? []), row]);
    }
    return [...kinds.values()].map((alike) => {
      const { ended } = alike[0]!;
      const whose =
        alike.length === Object.keys(commands).length
          ? 'all'
          : alike.map(({ command }) => `\`${command}\``).join(', ');
      return cells(
        fault,
        whose,
        exitOf(ended),
        ended.said === '' ? '' : `“${ended.said}”`,
        stateOf[ended.state],
        againOf(ended),
      );
    });
  });
}

const statesOf = (ended: readonly Ended[]) =>
  [...new Set(ended.filter(({ exit }) => exit !== 0).map(({ state }) => stateOf[state]))].join(', or ');

function cutLines(rows: readonly CutRow[]): string[] {
  return rows.map(({ command, lost }) => {
    const written = lost.after.filter(({ exit, state }) => exit !== 0 && state === 'all');
    const repeated = [...new Set(written.map(againOf))].join(', or ');
    return cells(`\`${command}\``, statesOf(lost.before), statesOf(lost.after), repeated);
  });
}

/** The page of docs/operations. */
export function faultsPage(faultRows: readonly FaultRow[], cutRows: readonly CutRow[]): string {
  const cutExits = [
    ...new Set(
      cutRows.flatMap(({ lost }) =>
        [...lost.before, ...lost.after]
          .filter(({ exit }) => exit !== 0)
          .map((ended) => `${exitOf(ended)}, “${ended.said}”`),
      ),
    ),
  ].sort();
  return `# Faults

What a command says, and what is in the database, when something fails under it. A test plays every line of this page on a real PostgreSQL and writes the page:
\`npx vitest run test/faults -u\`. The messages are what it saw.

The rules behind the tables: a command writes all of its work or none, and its exit code is not 0 unless all is written. Commands that work in batches, as imports and
tasks, keep the batches that were committed; the same line again does the rest, and does nothing twice. Exit code 6 means: try again. See [exit codes](../exit-codes.md).

## Commands

The commands stand for all that write in the same way.

| command | how it writes |
| --- | --- |
${Object.entries(commands)
  .map(([name, { about }]) => cells(`\`${name}\``, about))
  .join('\n')}

## Faults

"All" are the commands above. A fault that needs a process of its own is played with four of them, and a jump of the clock with those that take \`--as-of\`, which stands
for the clock. A fault that a server raises by itself only under load (40001, 40P01, 53100, 53200) is raised in its place by a trigger, on each write.

| fault | commands | exit code | message | database afterwards | the same line again |
| --- | --- | --- | --- | --- | --- |
${faultLines(faultRows).join('\n')}

## The database is gone

The connection breaks at each statement of a command in turn, and no new one is possible: once before the statement comes to the server, once after the server has done it
and before its answer comes back. The exit code and the message are ${cutExits.join('; ')}.

| command | broken before a statement | broken before an answer | the same line again, where all was written |
| --- | --- | --- | --- |
${cutLines(cutRows).join('\n')}

The one case that needs care is the lost answer to a commit: all is written, and the command could not know. A use with a key, an import and a task can be given again as
they are. A command that says "exists already" has been done. For \`credits add\` and other amounts, look before you repeat: \`subctl audit list\` names the change.
`;
}
