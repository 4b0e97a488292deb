import { expect, it } from 'vitest';
import { filesIn, textOf, withoutComments } from './sources.ts';

/** Files that look for one row, or for whether there is any: bounds would leave out what they look for. */
const lookForOne = ['src/catalog/dependents.ts', 'src/settings/check-together.ts'];
/** Integrity checks and repairs read all events that are kept. */
const readAll = /^src\/integrity\//;

/** The statements of a file: each template literal from its first sign to its last, those inside it included. */
function statementsOf(text: string): string[] {
  const found: string[] = [];
  const starts: number[] = [];
  const braces: number[] = [];
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const inTemplate = starts.length > braces.length;
    if (text[at] === '\\') at++;
    else if (text[at] === '`' && inTemplate) found.push(text.slice(starts.pop(), at));
    else if (text[at] === '`') starts.push(at + 1);
    else if (inTemplate && text.startsWith('${', at)) {
      braces.push(depth);
      depth = 0;
      at++;
    } else if (!inTemplate && text[at] === '{') depth++;
    else if (!inTemplate && text[at] === '}' && depth-- === 0) depth = braces.pop() ?? 0;
  }
  return found;
}

/** Reads of events in a statement that do not say, on both sides, of what time: each with its alias. */
function withoutBounds(statement: string): string[] {
  return [...statement.matchAll(/\b(?:from|join) subctl\.usage_events(?: (?!where\b)(\w+))?/g)]
    .filter(([, alias]) => {
      const says = (sign: string) => statement.includes(`${alias}.at ${sign}`);
      const isWithin = new RegExp(`\\bwithin\\((?:'${alias}'|db, )`).test(statement);
      return !(says('=') || (says('>') && says('<')) || isWithin);
    })
    .map(([read]) => read);
}

const files = filesIn('src', '.ts').filter((file) => !readAll.test(file) && !lookForOne.includes(file));

it('whoever reads events gives the planner both ends of their time: all partitions are planned otherwise', () => {
  const wrong = files.flatMap((file) =>
    statementsOf(withoutComments(textOf(file)))
      .flatMap(withoutBounds)
      .map((read) => `${file}: ${read}`),
  );
  expect(wrong, 'findEventSpan has the bounds of all events').toEqual([]);
});

it('a bound that is not known when the statement is planned is none', () => {
  const wrong = files.filter(
    (file) =>
      /\.at (?:>=|<) \$\{[^}]*infinity[^}]*\}/.test(textOf(file)) && textOf(file).includes('usage_events'),
  );
  expect(wrong).toEqual([]);
});

it('the test itself sees statements in statements, and which of their reads have no bounds', () => {
  const text =
    'db`select ${a ? db`select from subctl.usage_events e where e.at > 1 and e.at < 2` : { b: {} }} from subctl.usage_events x`';
  const statements = statementsOf(text);
  expect(statements).toHaveLength(2);
  expect(statements.flatMap(withoutBounds)).toEqual(['from subctl.usage_events x']);
});
