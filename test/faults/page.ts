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

The exit code and message of a command, and the state of the database, for each kind of failure. A test runs every line of this page on a real PostgreSQL and writes the page:
\`npx vitest run test/faults -u\`. The messages are those that it saw.

- A command writes all of its work or none. Its exit code is 0 only if all is written.
- Commands that work in batches, such as imports and tasks, keep committed batches. The same command again does the rest, and does nothing twice.
- Exit code 6 means that a retry can succeed. See [exit codes](../exit-codes.md).

## Commands

Each command represents all commands that write in the same way.

| command | how it writes |
| --- | --- |
${Object.entries(commands)
  .map(([name, { about }]) => cells(`\`${name}\``, about))
  .join('\n')}

## Faults

"All" means the commands above. Faults that need a separate process are tested with four of them. A clock jump is tested with the commands that take \`--as-of\`, which replaces
the clock. For faults that a server raises only under load (40001, 40P01, 53100, 53200), a trigger raises the error on each write.

| fault | commands | exit code | message | database afterwards | same command again |
| --- | --- | --- | --- | --- | --- |
${faultLines(faultRows).join('\n')}

## Lost connections

The connection breaks at each statement of a command in turn, and no new connection is possible. It breaks once before the statement reaches the server, and once after the server
has executed it but before the answer arrives. The exit code and the message are ${cutExits.join('; ')}.

| command | broken before a statement | broken before an answer | same command again, if all was written |
| --- | --- | --- | --- |
${cutLines(cutRows).join('\n')}

After a lost answer to a commit, all is written, but the command reports an error.

- Events with a key, imports and tasks can be repeated unchanged.
- "exists already" means that the first command succeeded.
- Before you repeat \`credits add\` or another amount, run \`subctl audit list\` to see whether the change exists.
`;
}
