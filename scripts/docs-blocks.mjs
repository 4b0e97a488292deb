// The generated blocks of the documents, by name.
import { readFileSync } from 'node:fs';
import { callMapBlock } from './call-map.mjs';
import { integrityBlock } from './integrity-checks.mjs';

const block = /<!-- begin ([a-z][a-z -]*) -->\n[\s\S]*?<!-- end \1 -->/g;

/** The document `text` with every generated block written anew. An unknown block is an error, not left as it was. */
export function fillBlocks(text, program) {
  return text.replace(
    block,
    (_, name) => `<!-- begin ${name} -->\n${blockNamed(name, program)}<!-- end ${name} -->`,
  );
}

function blockNamed(name, program) {
  if (name === 'commands') return commandList(program);
  if (name === 'exit-codes') return exitCodes(program);
  if (name === 'settings') return settingList(program);
  if (name === 'connection parameters') return parameterList(program);
  if (name === 'call map') return callMapBlock();
  if (name === 'integrity-checks') return integrityBlock(program);
  if (name.startsWith('help ')) return helpPage(name.slice('help '.length), program);
  if (name.startsWith('session ')) return session(name.slice('session '.length));
  throw new Error(
    `There is no generated block '${name}': there are commands, exit-codes, settings, connection parameters, call map, integrity-checks, help <command> and session <name>`,
  );
}

/** A section for each noun, and one for the commands of one word. */
function commandList({ commands: shown }) {
  const nouns = [
    ...new Set(shown.filter(({ path }) => path.includes(' ')).map(({ path }) => path.split(' ')[0])),
  ];
  const sections = nouns.map((noun) => [noun, shown.filter(({ path }) => path.split(' ')[0] === noun)]);
  const alone = shown.filter(({ path }) => !nouns.includes(path.split(' ')[0]));
  return [['Commands of one word', alone], ...sections]
    .map(([heading, commands]) => `## ${heading}\n\n${commandRows(commands)}`)
    .join('\n');
}

function commandRows(commands) {
  const lines = commands.map((spec) => `| \`subctl ${usageOf(spec)}\` | ${spec.summary} |\n`);
  return `| command | does |\n| --- | --- |\n${lines.join('')}`;
}

function usageOf({ path, arguments: words = [] }) {
  const shown = words.map(({ name, optional, many }) => {
    const word = `${name}${many ? '…' : ''}`;
    return optional ? `[${word}]` : `<${word}>`;
  });
  return [path, ...shown].join(' ');
}

function settingList({ settings }) {
  const { databaseSettings, shownSetting } = settings;
  const lines = databaseSettings.map(
    ({ key, about, unit, values, default: preset }) =>
      `| \`${key}\` | ${about} | ${values}${unit && /number/.test(values) ? `, ${unit}` : ''} | ${shownSetting(preset)} |\n`,
  );
  return `| setting | is | may be | default |\n| --- | --- | --- | --- |\n${lines.join('')}`;
}

function parameterList({ connection }) {
  const lines = Object.entries(connection.parameters).map(([name, { does, variable, ignorable, note }]) => {
    const remarks = [note, ignorable && `${ignorable.join(', ')}: harmless`].filter(Boolean).join('; ');
    return `| \`${name}\` | ${variable ? `\`${variable}\`` : ''} | ${does} | ${remarks} |\n`;
  });
  return `| parameter | variable | subctl | remarks |\n| --- | --- | --- | --- |\n${lines.join('')}`;
}

function exitCodes({ failures }) {
  const { failureKinds, exitCodeOf, meaningOf } = failures;
  const lines = failureKinds.map((kind) => `| ${exitCodeOf(kind)} | \`${kind}\` | ${meaningOf(kind)} |\n`);
  return `| exit | code in JSON | means |\n| --- | --- | --- |\n| 0 | | success, also when there was nothing to do |\n${lines.join('')}`;
}

function helpPage(command, { pages }) {
  const text = pages.get(`${command.replaceAll(' ', '.')}.txt`);
  if (!text) throw new Error(`There is no command '${command}' to show the help of`);
  return `\`\`\`\n${text}\`\`\`\n`;
}

/** A session of test/sessions, which a test plays. */
function session(name) {
  const text = readFileSync(new URL(`../test/sessions/${name}.txt`, import.meta.url), 'utf8');
  return `\`\`\`console\n${text.replaceAll('${home}', '/home/you/.local/share/subctl')}\`\`\`\n`;
}
