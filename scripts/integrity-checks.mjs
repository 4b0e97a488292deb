// The integrity checks with their rules: the block `integrity-checks`. A rule is read where it stands, in the comment on the view.
import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../drizzle/', import.meta.url);

/** The comment on each view, by the view's name with its schema. */
export function viewComments() {
  const comments = new Map();
  for (const file of readdirSync(folder, { recursive: true })) {
    if (!/(^|[\\/])integrity_\w+\.sql$/.test(file)) continue;
    const text = readFileSync(new URL(file.replaceAll('\\', '/'), folder), 'utf8');
    const [, view, literals] = /^comment on view ([\w.]+) is\s+((?:'(?:[^']|'')*'\s*)+);/m.exec(text) ?? [];
    if (view)
      comments.set(
        view,
        literals
          .trim()
          .replaceAll(/'\s*\n\s*'/g, '')
          .slice(1, -1)
          .replaceAll("''", "'"),
      );
  }
  return comments;
}

/** A row for each check, in the order in which they run. */
export function integrityBlock({ integrity }) {
  const comments = viewComments();
  const rows = integrity.checks.map(({ name, view, rule, repairs }) => {
    const [, numbers, sentence] = /^(R[^:]*): (.*)$/s.exec(rule ?? comments.get(view) ?? '') ?? [];
    if (!sentence) throw new Error(`The check '${name}' has no comment with a rule on its view`);
    const place = view ? `\`${view}\`` : 'program';
    return `| ${name} | ${sentence} | ${numbers} | ${place} | ${repairs ? 'yes' : 'no'} |\n`;
  });
  return `| check | rule | numbers | view | \`--repair\` |\n| --- | --- | --- | --- | --- |\n${rows.join('')}`;
}
